/** Contract (b) from the side of emitted code: it calls the probes of the table, with their arities, each at its level, and nothing else. */
import { PROBE_NAMES } from '@captureflow/core/probe-abi';
import { LEVELS } from '@captureflow/trace/metadata';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { CORPUS, SLOPPY } from './corpus.ts';
import { planSource } from './plan-source.ts';

const BUILT = LEVELS.filter((level) => level !== 'off');

interface ProbeUse {
  readonly name: string;
  /** Undefined: read, not called. */
  readonly args: number | undefined;
}

/** Everything that is done with the runtime's namespace in emitted code; fails when it is used other than as `R.x`. */
function probeUses(code: string, runtime: string): ProbeUse[] {
  const file = ts.createSourceFile('out.js', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const uses: ProbeUse[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === runtime) {
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
        const isCalled = ts.isCallExpression(parent.parent) && parent.parent.expression === parent;
        uses.push({ name: parent.name.text, args: isCalled ? (parent.parent as ts.CallExpression).arguments.length : undefined });
      } else if (
        !ts.isNamespaceImport(parent) &&
        !ts.isVariableDeclaration(parent) &&
        !(ts.isBinaryExpression(parent) && parent.left === node)
      ) {
        throw new Error(`${runtime} is used as a value in ${parent.getText(file)}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return uses;
}

function expectedArgs(name: string): number {
  const family = /^(?:enter|values)(\d)$/.exec(name);
  if (family !== null) return 2 + Number(family[1]);
  return { gates: 1, register: 2, end: 1, thrown: 3, caught: 3 }[name] ?? 2;
}

/** Undefined as a result and position 0 are left out. */
const ENDS: ReadonlySet<string> = new Set(['exit', 'hold', 'thrown', 'caught']);

const ALWAYS = /^(?:gates|register|enter0|exit|thrown|hold|caught|end|suspend|suspendYield|delegate|suspendLoop|resume)$/;
const AT_LEVEL: Readonly<Record<string, RegExp>> = {
  calls: ALWAYS,
  values: new RegExp(`${ALWAYS.source}|^enter[1-8]$|^values[1-8]$`),
  locals: new RegExp(`${ALWAYS.source}|^enter[1-8]$|^values[0-8]$`),
  lines: new RegExp(`${ALWAYS.source}|^enter[1-8]$|^values[0-8]$`),
};

const runtimeName = (source: string): string => (source.includes('cov') ? 'cov1_R' : 'covR');

describe.each(BUILT)('at level %s', (level) => {
  test.each(Object.entries(CORPUS))('the code of "%s" calls probes of that level with their arity', (name, source) => {
    // Lowering moves our code about; once over the corpus is enough.
    for (const target of level === 'lines' ? [ts.ScriptTarget.ESNext, ts.ScriptTarget.ES2015] : [ts.ScriptTarget.ESNext]) {
      const { code } = planSource(source, { level }, { kind: SLOPPY.has(name) ? 'cjs' : 'esm', target });
      const uses = probeUses(code, runtimeName(source));
      expect(uses.length).toBeGreaterThan(3);
      for (const use of uses) {
        expect(PROBE_NAMES).toContain(use.name);
        expect(use.name).toMatch(AT_LEVEL[level] as RegExp);
        // CommonJS looks first whether there is a runtime.
        if (use.name === 'gates' && use.args === undefined) continue;
        const isShort = ENDS.has(use.name) && use.args === expectedArgs(use.name) - 1;
        expect([use.name, isShort ? expectedArgs(use.name) : use.args]).toEqual([use.name, expectedArgs(use.name)]);
      }
    }
  });
});

test('the corpus reaches every probe', () => {
  const seen = new Set(
    Object.entries(CORPUS).flatMap(([name, source]) =>
      probeUses(planSource(source, { level: 'lines' }, { kind: SLOPPY.has(name) ? 'cjs' : 'esm' }).code, runtimeName(source)).map(
        (use) => use.name,
      ),
    ),
  );
  expect(PROBE_NAMES.filter((name) => !seen.has(name))).toEqual([]);
});

test.each(Object.entries(CORPUS))('the code of "%s" declares no name twice and none that the source has', (_, source) => {
  const { code, plan } = planSource(source, { level: 'lines' }, { kind: 'cjs' });
  const prefix = runtimeName(source).slice(0, -1);
  expect(source).not.toContain(prefix);
  for (const fn of plan.functions) {
    const declared = fn.prologue.map((piece) => (typeof piece === 'string' ? piece : '')).join('');
    const names = [...declared.matchAll(/(?:const|let|,) ?(cov\w+)(?==|,|;)/g)].map((match) => match[1]);
    expect(new Set(names).size).toBe(names.length);
  }
  expect(code).not.toMatch(/cov\w*\$/);
});

test.each<['esm' | 'cjs', RegExp]>([
  ['esm', /^(?:"use strict";\n)?import \* as covR from "@captureflow\/runtime\/probe-1";/],
  ['cjs', /try \{\s*var covR = require\("@captureflow\/runtime\/probe-1"\);\s*\}\s*catch/],
])('%s output reaches the runtime through one form', (kind, form) => {
  const { code } = planSource('function f() {}', {}, { kind });
  expect(code).toMatch(form);
  expect(code.match(/probe-1/g)).toHaveLength(1);
});

test('option runtime names the module that is reached', () => {
  expect(planSource('function f() {}', { runtime: '#my/trace' }).code).toContain('from "#my/trace/probe-1"');
});

test('the header stands behind hashbang and directives and before everything else', () => {
  const { code } = planSource('#!/usr/bin/env node\n"use strict";\n"use client";\nimport a from "a";\nexport const f = () => a;');
  expect(
    code
      .split('\n')
      .slice(0, 4)
      .map((line) => line.slice(0, 14)),
  ).toEqual(['#!/usr/bin/env', '"use strict";', '"use client";', 'import * as co']);
});

test('without the runtime CommonJS output goes on: the stub has every probe that may be called while off', () => {
  const { code } = planSource(
    'exports.f = async function* (a) { for await (const x of a) { await x; yield x; yield* [x]; } };',
    { level: 'lines' },
    { kind: 'cjs' },
  );
  const exported: { f?: (a: unknown) => AsyncGenerator<unknown> } = {};
  new Function('require', 'exports', code)(() => {
    throw new Error('no such module');
  }, exported);
  const values = async (): Promise<unknown[]> => {
    const seen: unknown[] = [];
    for await (const value of (exported.f as (a: unknown) => AsyncGenerator<unknown>)([1, 2])) seen.push(value);
    return seen;
  };
  return expect(values()).resolves.toEqual([1, 1, 2, 2]);
});
