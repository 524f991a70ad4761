import { readFileSync } from 'node:fs';
import { createFilter, planFile, resolveOptions } from '@captureflow/core';
import { emit } from './emit.ts';
import { parse } from './parse.ts';
import { read } from './read.ts';
const file = process.argv[2]!; const level = (process.argv[3] ?? 'locals') as never;
const code = readFileSync(file, 'utf8');
const options = resolveOptions({ level, exclude: [] }, '/');
const filter = createFilter(options);
const t: Record<string, number[]> = {};
const time = <T>(k: string, f: () => T): T => { const a = performance.now(); const r = f(); (t[k] ??= []).push(performance.now() - a); return r; };
for (let i = 0; i < 12; i++) time('total', () => {
  const f = time('parse', () => { const f = parse(code, file, 'esm') as never as import('./parse.ts').ParsedFile; return f; });
  const facts = time('read', () => read(f, 'esm'));
  const plan = time('plan', () => planFile({ source: code, facts, moduleId: 'a.js', options, filter, limits: { derivedInitialisersBreak: false } }));
  const s = time('emit', () => emit(f, facts, plan));
  const out = time('string', () => s.toString());
  const map = time('map', () => s.generateMap({ source: 'a', includeContent: true, hires: 'boundary' }).toString());
  if (i === 0) console.log(out.length, map.length, plan.functions.length);
});
for (const [k, v] of Object.entries(t)) { v.sort((a, b) => a - b); console.log(k, v[v.length >> 1]!.toFixed(1), 'min', v[0]!.toFixed(1)); }
console.log((code.length / 1e6) / (t['total']![6]! / 1e3), 'MB/s');
