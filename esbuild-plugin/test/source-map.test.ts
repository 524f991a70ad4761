/** Maps lead every word back to itself, through the map that a text came with, and say what they were made from. */
import { eachMapping, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';
import { instrument, readIncomingMap } from '../src/index.ts';
import { SNIPPETS } from './snippets.ts';

const ENTRIES = Object.entries(SNIPPETS).map(([name, { code, loader = 'js' }]) => ({ name, code, loader }));

const wordAt = (lines: readonly string[], line: number, column: number): string =>
  /^[\w$]*/.exec((lines[line - 1] ?? '').slice(column))?.[0] ?? '';

test.each(ENTRIES)('$name: every word maps to itself', ({ name, code, loader }) => {
  const result = instrument(code, { filename: `a.${loader}`, level: 'lines', format: 'cjs' });
  const before = code.split(/\r?\n/);
  const after = (result?.code ?? '').split(/\r?\n/);
  const seen = new Set<string>();
  const strays: string[] = [];
  eachMapping(new TraceMap(result?.map as never), (mapping) => {
    if (mapping.originalLine === null) return;
    const here = wordAt(after, mapping.generatedLine, mapping.generatedColumn);
    const there = wordAt(before, mapping.originalLine, mapping.originalColumn);
    // What was put in front of a word may end with a word of ours; a comma that was replaced is a word of ours.
    if (here === there) seen.add(`${mapping.originalLine}:${mapping.originalColumn}`);
    else strays.push(`${here} maps to ${there} in line ${mapping.originalLine}`);
  });
  expect(strays).toEqual([]);
  const missed = before.flatMap((line, k) =>
    [...line.matchAll(/(?<![\w$])[a-z_$][\w$]*/gi)].map(({ 0: word, index }) => ({ word, place: `${k + 1}:${index}` })),
  );
  const isRenamed = name === 'declarations that a block would change';
  expect(missed.filter(({ word, place }) => !seen.has(place) && !(isRenamed && /^[ah]$|arguments/.test(word)))).toEqual([]);
});

const TYPESCRIPT =
  'interface A { b: number }\nexport class C {\n  constructor(readonly a: A) {}\n  m(): never {\n    throw new Error(String(this.a.b));\n  }\n}\n';

function emitted(): { code: string; map: string } {
  return transformSync(TYPESCRIPT, { loader: 'ts', sourcemap: 'external', sourcefile: '../src/c.ts', sourcesContent: true });
}

test('a map is chained to the map that the text came with', () => {
  const { code, map } = emitted();
  const result = instrument(code, { filename: 'out/c.js', sourceMap: map });
  const line = (result?.code ?? '').split('\n').findIndex((text) => text.includes('new Error'));
  const column = (result?.code ?? '').split('\n')[line]?.indexOf('Error(String') ?? -1;
  expect(result?.map.sources).toEqual(['../src/c.ts']);
  expect(result?.map.sourcesContent).toEqual([TYPESCRIPT]);
  expect(originalPositionFor(new TraceMap(result?.map as never), { line: line + 1, column })).toMatchObject({ line: 5, column: 14 });
});

test('a map of sections is chained, too', () => {
  const { code, map } = emitted();
  const sections = { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: JSON.parse(map) as unknown }] };
  const plain = instrument(code, { filename: 'out/c.js', sourceMap: map })?.map;
  expect(instrument(code, { filename: 'out/c.js', sourceMap: sections })?.map.mappings).toBe(plain?.mappings);
});

test('without an incoming map the source is the file itself, with its text', () => {
  const code = 'export const f = () => 1;\n';
  const map = instrument(code, { filename: 'src/a.js' })?.map;
  expect(map).toMatchObject({ version: 3, sources: ['src/a.js'], sourcesContent: [code] });
  expect(JSON.parse(String(map))).toMatchObject({ version: 3, sources: ['src/a.js'] });
});

test('a map in a comment is found: inside it, and none where there is none', () => {
  const { code, map } = emitted();
  const inline = `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}\n`;
  expect(readIncomingMap(inline, '/project/out/c.js')).toEqual({ map, file: undefined });
  expect(readIncomingMap(`${code}//# sourceMappingURL=https://example.com/c.js.map`, '/project/out/c.js')).toBeUndefined();
  expect(readIncomingMap(`${code}//# sourceMappingURL=not-there.js.map`, '/project/out/c.js')).toBeUndefined();
  expect(readIncomingMap(code, '/project/out/c.js')).toBeUndefined();
});

test('stack lines are right without any map', () => {
  const code = 'function f(a) {\n  const b = a;\n  return (\n    b.c.d\n  );\n}\nexports.run = () =>\n  f({});\n';
  const lines = (text: string): string[] => {
    const exports: { run?: () => unknown } = {};
    const probes = new Proxy({}, { get: (_, name) => (name === 'gates' ? () => [] : (...values: unknown[]) => values[1]) });
    new Function('exports', 'require', `${text}\n//# sourceURL=stack-lines.js`)(exports, () => probes);
    try {
      exports.run?.();
    } catch (error) {
      return [...String((error as Error).stack).matchAll(/stack-lines\.js:(\d+)/g)].map(([, line]) => line as string);
    }
    return [];
  };
  const plain = lines(code);
  expect(plain).toHaveLength(2);
  expect(lines(instrument(code, { filename: 'a.cjs' })?.code ?? '')).toEqual(plain);
});
