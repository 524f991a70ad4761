import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTraces, readSegments } from '@captureflow/trace';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fileExporter } from '../src/exporters/file.ts';
import { encodedSample } from './sample-segment.ts';

let folder: string;
const realFs = process.getBuiltinModule('node:fs');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'captureflow-file-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Replaces functions of the `fs` that the exporter gets. */
function withFs(changes: Partial<typeof realFs>): string[] {
  const said: string[] = [];
  const original = process.getBuiltinModule.bind(process) as (id: string) => unknown;
  const writeSync = ((...args: Parameters<typeof realFs.writeSync>) => {
    if (args[0] === 2) return said.push(String(args[1]));
    return (changes.writeSync ?? realFs.writeSync)(...args);
  }) as typeof realFs.writeSync;
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((id: string) =>
    id === 'node:fs' ? { ...realFs, ...changes, writeSync } : original(id)) as typeof process.getBuiltinModule);
  return said;
}

function failure(code: string): never {
  throw Object.assign(new Error(`${code}: sample`), { code });
}

const deadline = Date.now() + 1000;

test('nothing is created before the first segment', () => {
  const dir = join(folder, '.captureflow');
  const exporter = fileExporter({ dir });
  exporter.flush(deadline);
  exporter.shutdown(deadline);
  expect(readdirSync(folder)).toEqual([]);
  expect(exporter.path).toBeUndefined();
});

test('segments are on disk when export returns, in one file that git ignores', () => {
  const dir = join(folder, 'a', '.captureflow');
  const exporter = fileExporter({ dir });
  exporter.export({ segments: [encodedSample({ traceId: '1'.repeat(32), name: 'one' })] }, deadline);
  exporter.export({ segments: [encodedSample({ traceId: '2'.repeat(32), name: 'two' })] }, deadline);
  const file = readSegments(readFileSync(exporter.path ?? ''));
  expect(file.intact).toBe(true);
  expect(buildTraces(file.segments).map((trace) => trace.root.name)).toEqual(['one', 'two']);
  expect(exporter.path).toMatch(new RegExp(`traces-\\d{8}T\\d{6}\\.\\d{3}Z-${process.pid}(-\\d+)?\\.cft$`));
  expect(readdirSync(dir)).toHaveLength(2);
  expect(readFileSync(join(dir, '.gitignore'), 'utf8')).toBe('*\n');
  expect(exporter.stats?.()).toEqual({ written: 2, waiting: 0, dropped: 0 });
  exporter.shutdown(deadline);
});

test('a batch is one writing, and what is too large for that is written by itself, in order', () => {
  let writings = 0;
  const writeSync = ((...args: Parameters<typeof realFs.writeSync>) => {
    writings++;
    return realFs.writeSync(...args);
  }) as typeof realFs.writeSync;
  withFs({ writeSync });
  const exporter = fileExporter({ dir: folder });
  exporter.export({ segments: [encodedSample({ name: 'opens the file' })] }, deadline);
  writings = 0;
  exporter.export({ segments: Array.from({ length: 100 }, (_, i) => encodedSample({ name: `small ${i}` })) }, deadline);
  expect(writings).toBe(1);
  const names = ['a', 'x'.repeat(300_000), 'b', 'c'];
  exporter.export({ segments: names.map((name) => encodedSample({ name })) }, deadline);
  expect(writings).toBe(4);
  const { segments, intact } = readSegments(readFileSync(exporter.path as string));
  expect(intact).toBe(true);
  expect(segments).toHaveLength(105);
  expect(segments.slice(-4).map(({ header }) => header.root.name)).toEqual(names);
  expect(exporter.stats?.()).toMatchObject({ written: 105, waiting: 0, dropped: 0 });
  exporter.shutdown(deadline);
});

test('a folder that was there keeps its own .gitignore', () => {
  mkdirSync(join(folder, 'mine'));
  const exporter = fileExporter({ dir: join(folder, 'mine') });
  exporter.export({ segments: [encodedSample()] }, deadline);
  exporter.shutdown(deadline);
  expect(readdirSync(join(folder, 'mine')).every((name) => name.endsWith('.cft'))).toBe(true);
});

test('two exporters of one process never share a file', () => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  const exporters = [fileExporter({ dir: folder }), fileExporter({ dir: folder }), fileExporter({ dir: folder })];
  for (const exporter of exporters) exporter.export({ segments: [encodedSample()] }, deadline);
  vi.useRealTimers();
  expect(new Set(exporters.map((exporter) => exporter.path)).size).toBe(3);
  for (const exporter of exporters) exporter.shutdown(deadline);
});

test('a folder that cannot be made costs one warning, and the latest traces are kept and written when it can', () => {
  writeFileSync(join(folder, 'taken'), '');
  const said = withFs({});
  const dir = join(folder, 'taken', 'dir');
  const exporter = fileExporter({ dir, maxBacklog: 2 });
  for (const name of ['one', 'two', 'three']) exporter.export({ segments: [encodedSample({ name })] }, deadline);
  exporter.flush(deadline);
  expect(said).toEqual([`captureflow: cannot write traces to ${dir} (ENOTDIR); the latest are kept in memory\n`]);
  expect(exporter.stats?.()).toEqual({ written: 0, waiting: 2, dropped: 1 });
  rmSync(join(folder, 'taken'));
  exporter.flush(deadline);
  expect(readSegments(readFileSync(exporter.path ?? '')).segments.map((segment) => segment.header.root.name)).toEqual(['two', 'three']);
  expect(exporter.stats?.()).toEqual({ written: 2, waiting: 0, dropped: 1 });
  exporter.shutdown(deadline);
});

test('the warning about a read-only disk says so, however deep the folder is, and a folder that takes none (as in /proc) is no endless loop', () => {
  for (const code of ['EROFS', 'ENOENT']) {
    const mkdirSync = ((path: string) => failure(path === join(folder, code) ? code : 'ENOENT')) as typeof realFs.mkdirSync;
    const said = withFs({ mkdirSync });
    const dir = join(folder, code, 'b', 'c');
    fileExporter({ dir }).export({ segments: [encodedSample()] }, deadline);
    expect(said).toEqual([`captureflow: cannot write traces to ${dir} (${code}); the latest are kept in memory\n`]);
    vi.restoreAllMocks();
  }
});

test('traces that wait for a broken folder are bounded by bytes too', () => {
  withFs({ mkdirSync: () => failure('EACCES') });
  const one = encodedSample();
  const exporter = fileExporter({ dir: join(folder, 'x'), maxBacklogBytes: one.bytes.length * 3 });
  for (let i = 0; i < 10; i++) exporter.export({ segments: [one] }, deadline);
  const { waiting = 0, dropped = 0 } = exporter.stats?.() ?? {};
  expect(waiting).toBeGreaterThan(0);
  expect(waiting).toBeLessThan(4);
  expect(waiting + dropped).toBe(10);
});

test('a disk that fills up in the middle of a frame leaves a readable file', () => {
  let room = 700;
  const said = withFs({
    writeSync: ((file: number, bytes: Uint8Array, from: number, length: number, at: number) => {
      if (room <= 0) failure('ENOSPC');
      const written = realFs.writeSync(file, bytes, from, Math.min(length, room, 100), at);
      room -= written;
      return written;
    }) as typeof realFs.writeSync,
  });
  const exporter = fileExporter({ dir: join(folder, 'full') });
  for (let i = 0; i < 4; i++) exporter.export({ segments: [encodedSample()] }, deadline);
  const path = exporter.path ?? '';
  const before = readSegments(readFileSync(path));
  expect(before.intact).toBe(true);
  expect(before.segments.length).toBeGreaterThan(0);
  expect(before.segments.length).toBeLessThan(4);
  expect(said).toHaveLength(1);
  room = Number.POSITIVE_INFINITY;
  exporter.shutdown(deadline);
  expect(readSegments(readFileSync(path))).toMatchObject({ intact: true, segments: { length: 4 } });
  expect(statSync(path).size).toBeGreaterThan(0);
});
