/** Source maps of instrumented code: what the user wrote maps to where the plain build maps it. */
import { eachMapping, TraceMap } from '@jridgewell/trace-mapping';
import { createFilter, planFile, resolveOptions } from '@captureflow/core';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { emit } from '../src/emit.ts';
import { read } from '../src/read.ts';
import { CORPUS } from './corpus.ts';

interface Mapped {
  /** The word or sign that stands in the output there. */
  readonly token: string;
  /** `line:column` in the source, 1-based line. */
  readonly original: string;
}

function compile(source: string, target: ts.ScriptTarget, instrumented: boolean): { code: string; mapped: Mapped[] } {
  const options = resolveOptions({ level: 'lines' }, '/project');
  const before: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
    const facts = read(ts, file, 'cjs');
    return emit(
      ts,
      file,
      planFile({
        source: file.text,
        facts,
        moduleId: 'a.ts',
        options,
        filter: createFilter(options),
        limits: { derivedInitialisersBreak: false },
      }),
      context,
    );
  };
  const result = ts.transpileModule(source, {
    fileName: 'a.tsx',
    compilerOptions: {
      target,
      module: ts.ModuleKind.CommonJS,
      sourceMap: true,
      experimentalDecorators: /experimental/.test(source),
      jsx: ts.JsxEmit.React,
    },
    transformers: instrumented ? { before: [before] } : {},
  });
  const lines = result.outputText.split('\n');
  const mapped: Mapped[] = [];
  eachMapping(new TraceMap(result.sourceMapText as string), (mapping) => {
    if (mapping.originalLine === null) return;
    const token = /^(?:[\w$]+|\S)?/.exec((lines[mapping.generatedLine - 1] ?? '').slice(mapping.generatedColumn))?.[0] ?? '';
    mapped.push({ token, original: `${mapping.originalLine}:${mapping.originalColumn}` });
  });
  return { code: result.outputText, mapped };
}

/** Words that the compiler or we write too, and those that it makes up, say nothing. */
const isUserWord = (token: string, source: string): boolean =>
  /^[A-Za-z]\w*$/.test(token) &&
  !/^(?:const|let|var|function|return|try|throw|exports|this)$/.test(token) &&
  new RegExp(`\\b${token}\\b`).test(source);

/** On several lines, so that a wrong line shows. */
const spread = (source: string): string => source.replace(/([;{}]) /g, '$1\n');

function check(text: string, target: ts.ScriptTarget): void {
  const source = spread(text);
  const lines = source.split('\n');
  const words = (instrumented: boolean): Mapped[] =>
    compile(source, target, instrumented).mapped.filter(({ token }) => isUserWord(token, source));
  const asText = ({ token, original }: Mapped): string => `${token} ${original}`;
  const plain = words(false).map(asText);
  const instrumented = words(true);
  const seen = new Set(instrumented.map(asText));
  expect(
    plain.filter((entry) => !seen.has(entry)),
    'mapped by the plain build, but not to the same place here',
  ).toEqual([]);
  const known = new Set(plain);
  const strays = instrumented.filter(({ token, original }) => {
    const [line, column] = original.split(':').map(Number) as [number, number];
    return !(lines[line - 1] ?? '').slice(column).startsWith(token);
  });
  expect(
    strays.map(asText).filter((entry) => !known.has(entry)),
    'mapped to a place where it does not stand',
  ).toEqual([]);
  expect(plain.length).toBeGreaterThan(0);
}

// Lines of a text with U+2028 are counted differently by TypeScript and by the reader of the map.
const ENTRIES = Object.entries(CORPUS).filter(([name]) => name !== 'strings with line separators');
const LOWERED = [
  'declaration',
  'class',
  'closures',
  'async',
  'generator',
  'async generator',
  'using',
  'decorators',
  'standard decorators',
  'namespaces',
  'conflicting declarations',
];

test.each(ENTRIES)('every word of "%s" is mapped where the plain build maps it', (_, text) => check(text, ts.ScriptTarget.ESNext));

test.each(ENTRIES.filter(([name]) => LOWERED.includes(name)))(
  'every word of "%s" is mapped where the plain build maps it, lowered to ES2015',
  (_, text) => check(text, ts.ScriptTarget.ES2015),
);

test('the code that is put in maps to the opening of its function, if at all', () => {
  const source = 'const a = 1;\nexport function f(b: number) {\n  const c = b;\n  return c;\n}\n';
  const { mapped } = compile(source, ts.ScriptTarget.ESNext, true);
  const ours = mapped.filter(({ token }) => token.startsWith('cov')).map(({ original }) => original);
  expect(ours.filter((original) => !/^[2345]:/.test(original))).toEqual([]);
});
