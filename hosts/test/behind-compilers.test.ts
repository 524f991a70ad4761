/**
 * Vite's compilers that must see components as they were written, Fast Refresh's and React's: they make what they make without us,
 * and traces speak of the user's text though the compiler's is instrumented.
 */
import { join } from 'node:path';
import { createInstrumenter, type InstrumentedFile } from '@captureflow/esbuild-plugin';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transformWithOxc } from 'vite';
import { HostWorkspace } from './host-workspace.ts';

const COMPONENTS = `/* captureflow:values */
import { forwardRef, memo, useCallback, useEffect, useState } from 'react';

interface Props {
  readonly label: string;
}

function useCounter(start: number): [number, () => void] {
  const [count, setCount] = useState<number>(start);
  useEffect(() => {
    document.title = \`count \${count}\`;
  }, [count]);
  return [count, () => setCount((old) => old + 1)];
}

export const off = /* captureflow:off */ (n: number): boolean => { useState(n); return true; };

class Account {
  private readonly check = (pin: string): boolean => pin === this.pin;
  constructor(private readonly pin: string) {}
  /** @sensitive {string} given */
  open(given: string): boolean { return this.check(given); }
  /* captureflow:off */
  hidden(): number { return 1; }
}

enum Size { Small, Large }
namespace Sizes {
  export function largest(): Size { return Size.Large; }
}

export const Plain = memo(() => <b />);
export const Label = memo(forwardRef(({ label }: Props, ref) => { const [on] = useState(true); return <b ref={ref as never}>{label} {String(on)}</b>; }));
const table = { row: (n: number) => (n > 1 && <i key={n} />), cell() { return Sizes.largest(); } };

export default function App({ label }: Props) {
  const [count, increment] = useCounter(3);
  const refuse = useCallback(() => { throw new Error(label); }, [label]);
  return <button type="button" onClick={increment} onBlur={refuse}>{[1, count].map((n) => table.row(n))}{new Account('1').open(label)}</button>;
}

setTimeout(() => {});
`;

const REFRESH = { sourcemap: true, jsx: { runtime: 'automatic', development: true, refresh: true } } as const;

let workspace: HostWorkspace;
beforeAll(async () => {
  workspace = await HostWorkspace.create();
  workspace.write({
    'src/App.tsx': COMPONENTS,
    'src/plain.tsx': 'export const Plain = (): unknown => <b />;\n',
    'dev.mjs': `import { createServer } from 'vite';
import captureflow from '@captureflow/hosts/vite';
const [ours, refresh, id] = JSON.parse(process.argv[2]);
const compiler = { name: 'vite:react', config: () => ({ oxc: { jsx: { runtime: 'automatic', refresh } } }) };
const appended = { name: 'wrapper', transform: (code, id) => id.endsWith('x') && { code: code + '\\nfunction $RefreshSig$() { return () => (type) => type; } function $RefreshReg$() {}', map: null } };
const plugins = [...(ours ? [captureflow()] : []), compiler, appended];
const server = await createServer({ configFile: false, logLevel: 'error', server: { middlewareMode: true, ws: false, watch: null, hmr: refresh }, optimizeDeps: { noDiscovery: true, include: [] }, appType: 'custom', plugins });
const { code, map } = await server.transformRequest(id);
console.log(JSON.stringify({ code, map }));
await server.close();
`,
  });
  workspace.write({
    'compile.mjs': `import { transformAsync } from '@babel/core';
import { build } from 'vite';
import captureflow from '@captureflow/hosts/vite';
const [ours, sourcemap] = JSON.parse(process.argv[2]);
const compiler = {
  name: '@rolldown/plugin-babel',
  enforce: 'pre',
  async transform(code, filename) {
    if (!filename.endsWith('x')) return;
    return transformAsync(code, { filename, sourceMaps: true, configFile: false, babelrc: false, plugins: ['babel-plugin-react-compiler'], parserOpts: { plugins: ['typescript', 'jsx'] } });
  },
};
const external = [/^react/, /^@captureflow/];
const plugins = [...(ours ? [captureflow()] : []), compiler];
const { output } = await build({ configFile: false, logLevel: 'warn', plugins, build: { write: false, minify: false, sourcemap, rolldownOptions: { input: 'src/App.tsx', preserveEntrySignatures: 'strict', external } } });
console.log(JSON.stringify({ code: output[0].code }));
`,
    'node_modules/react/package.json': '{ "name": "react", "exports": { "./jsx-dev-runtime": "./index.js", ".": "./index.js" } }',
    'node_modules/react/index.js': '',
  });
});
afterAll(() => workspace.remove());

async function serve(ours: boolean, refresh: boolean, id: string): Promise<{ code: string; map: { sources: string[] } }> {
  const { stdout, stderr } = await workspace.node(['dev.mjs', JSON.stringify([ours, refresh, id])]);
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { code: string; map: { sources: string[] } };
}

/** What the refresh runtime is told: signatures, custom hooks, components. */
function told(code: string): readonly string[] {
  return (code.match(/"[\w+/]{27}="|return \[use\w+\]|\$RefreshReg\$\(_c.*/g) ?? []).map(String);
}

test('components have the signatures that they have without us, custom hooks included', async () => {
  const plain = await serve(false, true, '/src/App.tsx');
  const ours = await serve(true, true, '/src/App.tsx');
  expect(told(plain.code)).toEqual(expect.arrayContaining(['return [useCounter]', '$RefreshReg$(_c6, "App");']));
  expect(told(ours.code)).toEqual(told(plain.code));
  // As we write it; what passes the compiler afterwards is printed anew.
  expect(ours.code).toContain('function covM(k){var');
  expect(ours.map.sources).toEqual(plain.map.sources);
});

test('what the compiler and other plugins added is not instrumented', async () => {
  const { code } = await serve(true, true, '/src/App.tsx');
  expect(code).toContain('function() {\n\treturn [useCounter];\n}');
  expect(code).toContain('function $RefreshSig$() { return () => (type) => type; } function $RefreshReg$() {}');
});

test('files without hooks, and all files without Fast Refresh, are instrumented as they were written', async () => {
  const [withoutHooks, withoutRefresh] = [await serve(true, true, '/src/plain.tsx'), await serve(true, false, '/src/App.tsx')];
  for (const { code } of [withoutHooks, withoutRefresh]) expect(code).toContain('function covM(k) {\n');
});

test('the React Compiler remembers what it remembers without us, and nothing of ours', async () => {
  const compile = async (ours: boolean): Promise<string> => {
    const { stdout, stderr } = await workspace.node(['compile.mjs', JSON.stringify([ours, 'hidden'])]);
    expect(stderr).not.toContain('build.sourcemap');
    return (JSON.parse(stdout) as { code: string }).code;
  };
  const remembered = (code: string): readonly string[] => (code.match(/\$\[\d+\] (?:!==|=(?!=)) .*/g) ?? []).map(String);
  const [plain, ours] = [await compile(false), await compile(true)];
  expect(remembered(plain).length).toBeGreaterThan(10);
  expect(remembered(ours)).toEqual(remembered(plain));
  expect(ours).toMatch(/id: "src\/App\.tsx",/);
  expect(ours).toMatch(/"App\.<anonymous>"/);
});

test('a build with the React Compiler and without maps says what is missing', async () => {
  const { code, stdout, stderr } = await workspace.node(['compile.mjs', JSON.stringify([true, false])]);
  expect(code).toBe(0);
  expect(stdout).toContain('covR.register(');
  expect(stderr).toContain('traces show lines of compiled text unless "build.sourcemap" is set ("hidden" will do).');
});

test('a compiled text has the records that its source has: names, places, levels, hidden names, comments that the compiler dropped', async () => {
  const file = join(import.meta.dirname, 'App.tsx');
  const made = await transformWithOxc(COMPONENTS, file, REFRESH);
  expect(made.code).not.toContain('= /* captureflow:off */');
  for (const level of ['calls', 'locals'] as const) {
    const instrumenter = createInstrumenter({ level }, import.meta.dirname);
    const source = instrumenter.instrument(COMPONENTS, file);
    const compiled = instrumenter.instrument(made.code, file, { format: 'esm', language: 'jsx', origin: made.map });
    const skipped = ({ plan }: InstrumentedFile): unknown => plan.skippedFunctions.filter(({ reason }) => reason !== 'GENERATED');
    const records = ({ plan }: InstrumentedFile): unknown =>
      plan.record?.f
        .map(([name, line, column, , parameters, , , , endLine]) => `${name} ${line}:${column}-${endLine} ${parameters.join()}`)
        .toSorted();
    expect(records(compiled)).toEqual(records(source));
    expect(skipped(compiled)).toEqual(skipped(source));
    expect(records(source)).toEqual(
      expect.arrayContaining([expect.stringContaining('Sizes.largest '), expect.stringMatching(/^Account\.open .*\*given$/)]),
    );
    expect(compiled.plan.skippedFunctions.filter(({ reason }) => reason === 'GENERATED')).not.toEqual([]);
  }
});

test('a compiled text whose map leads to no program stands for itself', async () => {
  const instrumenter = createInstrumenter({}, import.meta.dirname);
  const code = 'export function twice(n) { return n * 2; }\n';
  const origin = { version: 3, names: [], sources: ['App.tsx'], sourcesContent: ['# a text ('], mappings: 'AAAA' };
  const { plan } = instrumenter.instrument(code, join(import.meta.dirname, 'App.tsx'), { origin });
  expect(plan.record?.f.map(([name, line]) => `${name} ${line}`)).toEqual(['twice 1']);
});
