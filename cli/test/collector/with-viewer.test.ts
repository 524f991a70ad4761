import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stats, trace } from '@captureflow/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWithViewer } from '../../src/collector/run-with-viewer.ts';
import { createService } from '../../src/collector/services.ts';
import { readStoredTrace } from '../../src/collector/stored-trace.ts';
import { TraceStore } from '../../src/collector/trace-store.ts';

let folder: string;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'captureflow-with-viewer-'));
  lines = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = () => ({ db: join(folder, 'run.db'), port: 0, open: false, stay: false, log: (line: string) => void lines.push(line) });
const add = trace('add', (a: number, b: number): number => a + b);

function stored() {
  const store = new TraceStore(join(folder, 'run.db'));
  try {
    return store.list({}).traces.map((summary) => ({ summary, trace: readStoredTrace(store.read(summary.id)!) }));
  } finally {
    store.close();
  }
}

describe('withViewer', () => {
  it('answers with what the function returned; its trace is in the file', async () => {
    const total = await runWithViewer(async () => add(1, add(2, 3)), { ...options(), name: 'sums' }, createService);
    expect(total).toBe(6);
    const [one, ...others] = stored();
    expect(others).toEqual([]);
    expect(one?.summary).toMatchObject({ name: 'sums', kind: 'run', spans: 2, outcome: 'ok' });
    expect(one?.trace?.spans.map((span) => span.function.name)).toEqual(['add', 'add']);
  });

  it('has the page open while the function runs', async () => {
    const status = await runWithViewer(
      async () => {
        const [, base, token] = /Open (http:\S+?)\/#token=(\S+)/.exec(lines.join('')) ?? [];
        return (await fetch(`${base}/api/traces`, { headers: { authorization: `Bearer ${token}` } })).status;
      },
      options(),
      createService,
    );
    expect(status).toBe(200);
  });

  it('throws what the function threw, with the trace in the file, and ends recording and collector', async () => {
    const boom = new Error('boom');
    await expect(runWithViewer(() => Promise.reject(boom), { ...options(), name: 'fails' }, createService)).rejects.toBe(boom);
    expect(stored().map(({ summary }) => [summary.name, summary.outcome])).toEqual([['fails', 'error']]);
    expect(stats().on).toBe(false);
    expect(existsSync(join(folder, 'run.db.lock'))).toBe(false);
  });

  it('does not run the function when the file cannot be used', async () => {
    let ran = false;
    const wrong = { ...options(), db: folder };
    await expect(runWithViewer(() => (ran = true), wrong, createService)).rejects.toThrow(/cannot be used as a store/);
    expect(ran).toBe(false);
  });
});
