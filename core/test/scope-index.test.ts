/** Names to bindings over hand-made scopes: shadowing, capture, writes from inner functions, eval. */
import { type BindingFacts, FACTS_VERSION, type FileFacts, type ScopeFacts, type WriteFacts } from '@captureflow/core';
import { expect, test } from 'vitest';
import { createScopeIndex } from '../src/scope-index.ts';

type ScopeSpec = readonly [parent: number, fn: number, names?: readonly string[], evaluates?: boolean];

/** `bindings`: scope and name; `writes`: scope and names. */
function facts(
  scopes: readonly ScopeSpec[],
  bindings: readonly (readonly [number, string])[],
  writes: readonly (readonly [number, ...string[]])[] = [],
): FileFacts {
  return {
    v: FACTS_VERSION,
    kind: 'esm',
    headEnd: 0,
    directives: [],
    scopes: scopes.map(
      ([parent, fn, names = [], evaluates = false]): ScopeFacts => ({
        parent,
        kind: 'block',
        function: fn,
        start: 0,
        end: 0,
        names,
        eval: evaluates,
      }),
    ),
    bindings: bindings.map(([scope, name], k): BindingFacts => ({ scope, name, start: k, kind: 'let' })),
    writes: writes.map(
      ([scope, ...names], k): WriteFacts => ({ scope, names, kind: 'assign', start: 100 + k, end: 101 + k, discarded: true }),
    ),
    functions: [],
    comments: [],
  };
}

test('a name means the nearest declaration outwards, and none of the file when there is none', () => {
  const index = createScopeIndex(
    facts(
      [
        [-1, -1],
        [0, 0],
        [1, 0],
      ],
      [
        [0, 'a'],
        [0, 'b'],
        [1, 'a'],
        [2, 'c'],
      ],
    ),
  );
  expect([index.resolve('a', 2), index.resolve('b', 2), index.resolve('c', 2), index.resolve('c', 1), index.resolve('a', 0)]).toEqual([
    2, 1, 3, -1, 0,
  ]);
});

test('a name that Object.prototype has means nothing unless it is declared', () => {
  const index = createScopeIndex(facts([[-1, -1, ['constructor', '__proto__']]], []));
  expect([index.resolve('constructor', 0), index.resolve('__proto__', 0)]).toEqual([-1, -1]);
});

test('the first of two declarations of one name is its binding', () => {
  expect(
    createScopeIndex(
      facts(
        [[-1, 0]],
        [
          [0, 'x'],
          [0, 'x'],
        ],
      ),
    ).resolve('x', 0),
  ).toBe(0);
});

test('a variable is captured when a function inside uses it, not when its own function does in a block', () => {
  const index = createScopeIndex(
    facts(
      [
        [-1, -1],
        [0, 0],
        [1, 0, ['own']],
        [1, 1, ['used']],
      ],
      [
        [1, 'own'],
        [1, 'used'],
        [1, 'unused'],
      ],
    ),
  );
  expect([0, 1, 2].map((binding) => index.isCaptured(binding))).toEqual([false, true, false]);
});

test('a variable is not captured when the function inside means its own of that name', () => {
  const index = createScopeIndex(
    facts(
      [
        [-1, 0],
        [0, 1, ['x']],
      ],
      [
        [0, 'x'],
        [1, 'x'],
      ],
    ),
  );
  expect([index.isCaptured(0), index.isCaptured(1)]).toEqual([false, false]);
});

test('an assignment in a function inside is written elsewhere and no target of its own', () => {
  const index = createScopeIndex(
    facts(
      [
        [-1, 0],
        [0, 1],
      ],
      [
        [0, 'x'],
        [1, 'y'],
      ],
      [
        [1, 'x', 'y', 'global'],
        [0, 'x'],
      ],
    ),
  );
  expect([index.isWrittenElsewhere(0), index.isWrittenElsewhere(1)]).toEqual([true, false]);
  expect([index.ownTargets(0), index.ownTargets(1), index.ownTargets(7)]).toEqual([[1], [0], []]);
});

test('a direct eval captures and may write everything around it and nothing beside it', () => {
  const index = createScopeIndex(
    facts(
      [
        [-1, -1],
        [0, 0],
        [1, 1, [], true],
        [1, 2],
      ],
      [
        [0, 'file'],
        [1, 'outer'],
        [2, 'own'],
        [3, 'beside'],
      ],
    ),
  );
  expect([0, 1, 2, 3].map((binding) => index.isCaptured(binding))).toEqual([true, true, true, false]);
  expect([0, 1, 2, 3].map((binding) => index.isWrittenElsewhere(binding))).toEqual([true, true, true, false]);
});

test('a binding belongs to the function whose code its scope is', () => {
  const index = createScopeIndex(
    facts(
      [
        [-1, -1],
        [0, 0],
        [1, 0],
        [2, 1],
      ],
      [
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
        [3, 'd'],
      ],
    ),
  );
  expect([0, 1, 2, 3].map((binding) => index.functionOf(binding))).toEqual([-1, 0, 0, 1]);
});
