/** The form of metadata in emitted code: what goes in comes out, whatever the program has done to its prototypes. */
import { expect, test } from 'vitest';
import { compactModule, expandModule } from '../src/inline-metadata.ts';
import type { FunctionRecord, ModuleRecord } from '../src/metadata.ts';

const record = (name: string, line: number, rest: Partial<{ column: number; flags: number; endLine: number }> = {}): FunctionRecord => [
  name,
  line,
  rest.column ?? 1,
  rest.flags ?? 3,
  [],
  [],
  [],
  [],
  rest.endLine ?? line,
];
const moduleOf = (...f: FunctionRecord[]): ModuleRecord => ({ v: 1, id: 'src/a.ts', f });
const throughCode = (module: ModuleRecord): ModuleRecord => expandModule(JSON.parse(JSON.stringify(compactModule(module))));

const FULL: FunctionRecord = ['Cart.add', 3, 5, 66, ['item', '*token'], ['sum'], [[0, 4, [0]]], [[], [0]], 9, ['string', null]];

test.each<[string, ModuleRecord]>([
  ['no functions', moduleOf()],
  ['everything a function can say', moduleOf(FULL, FULL)],
  ['one line, other columns', moduleOf(record('a', 1, { column: 7 }), record('b', 1, { column: 9 }), record('c', 1, { column: 9 }))],
  ['scope paths', moduleOf(record('A.b', 1), record('A.b.c', 2), record('A.b.c', 3), record('A', 4), record('A.b.d', 5), record('B.b', 6))],
  [
    'anonymous ones',
    moduleOf(
      record('f.<anonymous>', 1),
      record('f.<anonymous>#2', 2),
      record('f.<anonymous>#01', 3),
      record('f.<anonymous>#1', 4),
      record('f.<anonymous>.<anonymous>', 5),
    ),
  ],
  [
    'names that hold dots, hashes and nothing',
    moduleOf(record('a..b', 1), record('a..', 2), record('', 3), record('.', 4), record('#p', 5)),
  ],
  ['lists with a gap', moduleOf(['f', 1, 1, 3, [], [], [[1, 1, []]], [], 1], ['g', 1, 1, 3, ['a'], [], [], [[]], 1])],
])('a module with %s is read as it was written', (_, module) => {
  expect(throughCode(module)).toEqual(module);
});

test('what a function shares with the one before it is not written twice', () => {
  const { c } = compactModule(
    moduleOf(record('Cart.add', 3, { column: 3, flags: 66, endLine: 5 }), record('Cart.total', 7, { column: 3, flags: 66, endLine: 9 })),
  );
  expect(c).toEqual([
    [3, 3, 2, 66, 0, 'Cart.add'],
    [4, 0, 2, 0, 1, 'total'],
  ]);
});

test('reading runs nothing of a program that has patched its prototypes', () => {
  const compact = compactModule(moduleOf(FULL, record('Cart.total', 12)));
  const text = JSON.stringify(compact);
  const inline = JSON.parse(text);
  const calls: string[] = [];
  const original = { split: String.prototype.split, slice: String.prototype.slice, push: Array.prototype.push, map: Array.prototype.map };
  for (const [name, method] of Object.entries(original)) {
    Object.defineProperty(name === 'split' || name === 'slice' ? String.prototype : Array.prototype, name, {
      configurable: true,
      writable: true,
      value(this: unknown, ...args: unknown[]) {
        calls[calls.length] = name;
        return Reflect.apply(method as (...a: unknown[]) => unknown, this, args);
      },
    });
  }
  Object.defineProperty(Array.prototype, 1, {
    configurable: true,
    set() {
      calls[calls.length] = 'setter';
    },
  });
  let expanded: ModuleRecord;
  let seen: number;
  try {
    expanded = expandModule(inline);
    seen = calls.length;
  } finally {
    delete (Array.prototype as unknown as Record<number, unknown>)[1];
    for (const [name, method] of Object.entries(original))
      Object.defineProperty(name === 'split' || name === 'slice' ? String.prototype : Array.prototype, name, {
        configurable: true,
        writable: true,
        value: method,
      });
  }
  expect(seen).toBe(0);
  expect(expanded).toEqual(moduleOf(FULL, record('Cart.total', 12)));
});
