/** Fast Refresh where no loader can stand behind its compiler (Turbopack's swc): the hooks are named once more for it, never called. */
import { join } from 'node:path';
import { transform as swc } from '@swc/core';
import { describe, expect, test } from 'vitest';
import { transformWithOxc } from 'vite';
import webpack, { type LoaderContext } from '../src/webpack.ts';

const component = (hooks: string, text = 'hello'): string => `import * as React from 'react';
import { useCounter } from './use-counter.ts';
const { useState } = React;
export function App({ label, useLocal }: { label: string; useLocal(): void }) {
  ${hooks}
  const row = (n: number) => <i key={n} />;
  return <b onClick={() => { useLocal(); }}>${text} {label}{[1].map(row)}</b>;
}
`;

function load(code: string, context: Partial<LoaderContext> = { hot: true }): string {
  let answer = '';
  const base: Partial<LoaderContext> = { rootContext: import.meta.dirname, getOptions: () => ({ level: 'values' }) };
  const callback = (error: Error | null, made?: string): void => {
    if (error !== null) throw error;
    answer = made as string;
  };
  webpack.call({ resourcePath: join(import.meta.dirname, 'app.tsx'), ...base, ...context, callback } as LoaderContext, code);
  return answer;
}

const REFRESH = { runtime: 'automatic', development: true, refresh: true } as const;

const COMPILERS: readonly { name: string; compile(code: string): Promise<string> }[] = [
  {
    name: 'swc',
    compile: async (code) => {
      const parser = { syntax: 'typescript', tsx: true } as const;
      return (
        await swc(code, {
          filename: 'app.tsx',
          configFile: false,
          swcrc: false,
          jsc: { target: 'es2022', parser, transform: { react: REFRESH } },
        })
      ).code;
    },
  },
  { name: 'oxc', compile: async (code) => (await transformWithOxc(code, 'app.tsx', { jsx: REFRESH })).code },
];

describe.each(COMPILERS)('$name', ({ compile }) => {
  /** What a component is to Fast Refresh: its signature, and the hooks whose own count. */
  const signature = async (hooks: string, text?: string): Promise<string | undefined> =>
    /_s\d*\(App, "[^"]+"(?:, false, function\(\) \{\s*return \[[^\]]*\];\s*\})?/.exec(await compile(load(component(hooks, text))))?.[0];

  test('a component has another signature when its hooks changed, and only then', async () => {
    const state = await signature('const [n] = useState(1);');
    expect(state).toBeDefined();
    expect(await signature('const [n] = useState(1);', 'other')).toBe(state);
    expect(await signature('const [n] = useState(2);')).not.toBe(state);
    expect(await signature('const [n] = useState(1); React.useEffect(() => {});')).not.toBe(state);
    expect(await signature('const [n] = useState<() => void>(1);')).toBe(state);
  });

  test("a custom hook is named, so that its own changes count; a parameter's is not, which would reset the component at each edit", async () => {
    expect(await signature('useCounter(3); useLocal();')).toMatch(/return \[\s*useCounter\s*\]/);
  });
});

test('outside of development nothing is named', () => {
  const named = /useState\("/;
  expect(load(component('useState(1);'))).toMatch(named);
  expect(load(component('useState(1);'), { hot: false })).not.toMatch(named);
  expect(load(component('useState(1);'), {})).not.toMatch(named);
});

test.each([
  ['that ends with a return', "useState('a'); useOther(); return 1;"],
  ['that ends by itself', "useState('a'); useOther();"],
  ['that returns early', "useState('a'); useOther(); if (given) return 2; else { given = 1 }"],
  ['that throws', "useState('a'); useOther(); if (!given) throw new Error('x')"],
])('a function %s calls each hook as often as it does without us', async (_, body) => {
  const counted = async (code: string): Promise<readonly unknown[]> => {
    const { code: script } = await transformWithOxc(code.replace(/^import \* as covR from [^;]*;/, ''), 'app.js');
    const calls: string[] = [];
    const run = new Function('useState', 'useOther', 'covR', `${script.replace(/export /g, '')}; return app;`) as (
      ...given: unknown[]
    ) => (given: number) => unknown;
    const app = run(
      () => calls.push('useState'),
      () => calls.push('useOther'),
      { gates: () => [] },
    );
    for (const given of [0, 1]) {
      try {
        calls.push(`returns ${app(given)}`);
      } catch (error) {
        calls.push(String(error));
      }
    }
    return calls;
  };
  const code = `export function app(given) { ${body} }`;
  expect(load(code)).toContain('useState("useState');
  expect(await counted(load(code))).toEqual(await counted(code));
});
