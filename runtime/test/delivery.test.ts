import { encodeSegment, Op } from '@captureflow/trace';
import type { Segment } from '@captureflow/trace';
import { expect, test, vi } from 'vitest';
import { Delivery } from '../src/delivery.ts';
import type { EncodedSegment, Exporter } from '../src/exporter.ts';
import type { RootSummary } from '../src/recorder-config.ts';
import { sampleSegment } from './sample-segment.ts';

const summary = { spans: 1, ended: true } as unknown as RootSummary;
const plainly = (work: () => void): void => work();

interface Log extends Exporter {
  readonly batches: (readonly EncodedSegment[])[];
  readonly calls: string[];
}

function log(name: string, wait?: Promise<void>): Log {
  const batches: (readonly EncodedSegment[])[] = [];
  const calls: string[] = [];
  return {
    name,
    batches,
    calls,
    export(batch) {
      batches.push(batch.segments);
      calls.push('export');
      return wait;
    },
    flush: () => void calls.push('flush'),
    shutdown: () => void calls.push('shutdown'),
  };
}

test('segments of one turn of the event loop come as one batch, in order, to every exporter', async () => {
  const exporters = [log('a'), log('b')];
  const delivery = new Delivery(exporters, plainly);
  for (const name of ['one', 'two']) delivery.accept(sampleSegment({ name }), summary);
  expect(exporters[0]?.batches).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  for (const { batches } of exporters) expect(batches.map((batch) => batch.map(({ name }) => name))).toEqual([['one', 'two']]);
});

test('much that gathers in one turn is handed over at once', () => {
  const exporter = log('a');
  const delivery = new Delivery([exporter], plainly);
  const large = sampleSegment({ name: 'x'.repeat(1024 * 1024) });
  for (let i = 0; i < 5; i++) delivery.accept(large, summary);
  expect(exporter.batches).toHaveLength(1);
});

test('where all exporters are patient, deliveries wait for more, and a flush does not', async () => {
  const exporter = { ...log('patient'), patient: true };
  const delivery = new Delivery([exporter], plainly);
  const turns = 300;
  for (let turn = 1; turn <= turns; turn++) {
    delivery.accept(sampleSegment({ name: `${turn}` }), summary);
    await new Promise((resolve) => setImmediate(resolve));
    if (turn === 1) expect(exporter.batches).toHaveLength(1);
  }
  await vi.waitFor(() => expect(exporter.batches.flat()).toHaveLength(turns));
  expect(exporter.batches.flat().map(({ name }) => Number(name))).toEqual(Array.from({ length: turns }, (_, i) => i + 1));
  // One a turn without patience; as many with it only where each turn takes longer than it does.
  const { length } = exporter.batches;
  expect(length).toBeLessThan(turns);
  delivery.accept(sampleSegment(), summary);
  void delivery.flush();
  expect(exporter.batches).toHaveLength(length + 1);
});

test('one that is not patient has everything at the end of the turn, and the others with it', async () => {
  const exporters = [{ ...log('patient'), patient: true }, log('impatient')];
  const delivery = new Delivery(exporters, plainly);
  for (let turn = 1; turn <= 3; turn++) {
    delivery.accept(sampleSegment(), summary);
    await new Promise((resolve) => setImmediate(resolve));
    for (const { batches } of exporters) expect(batches).toHaveLength(turn);
  }
});

test('shutdown waits for an export that takes time, up to the deadline, and then shuts down', async () => {
  let finish = (): void => {};
  const slow = log(
    'slow',
    new Promise((resolve) => {
      finish = resolve;
    }),
  );
  const delivery = new Delivery([slow], plainly);
  delivery.accept(sampleSegment(), summary);
  const down = delivery.shutdown(60_000);
  expect(slow.calls).toEqual(['export', 'flush']);
  finish();
  await down;
  expect(slow.calls).toEqual(['export', 'flush', 'shutdown']);

  const never = log('never', new Promise(() => {}));
  const stuck = new Delivery([never], plainly);
  stuck.accept(sampleSegment(), summary);
  await stuck.shutdown(10);
  expect(never.calls).toEqual(['export', 'flush', 'shutdown']);
});

test('exporters that work synchronously are shut down before the call returns', () => {
  const exporter = log('a');
  const delivery = new Delivery([exporter], plainly);
  delivery.accept(sampleSegment(), summary);
  void delivery.shutdown();
  expect(exporter.calls).toEqual(['export', 'flush', 'shutdown']);
});

test('a segment that cannot be encoded is counted', () => {
  const delivery = new Delivery([log('a')], plainly);
  const sample = sampleSegment();
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  delivery.accept({ ...sample, header: { ...sample.header, root: { ...sample.header.root, attributes: cyclic } } }, summary);
  expect(delivery.encodeErrors).toBe(1);
});

test('exporters run with recording paused', () => {
  let paused = 0;
  const during: number[] = [];
  const exporter: Exporter = { ...log('a'), export: () => void during.push(paused) };
  const delivery = new Delivery([exporter], (work) => {
    paused++;
    work();
    paused--;
  });
  delivery.accept(sampleSegment(), summary);
  delivery.deliver();
  expect(during).toEqual([1]);
});

/** Many chunks of the sample's: more than is encoded at once. */
function largeSegment(chunks: number): Segment {
  const sample = sampleSegment({ name: 'large' });
  const ops = new Int32Array(4096).fill(Op.EMPTY);
  const filler = { ops, opsLength: ops.length, nums: new Float64Array(0), numsLength: 0, refs: [], refsLength: 0 };
  return { ...sample, chunks: [...sample.chunks, ...Array.from({ length: chunks }, () => filler)] };
}

test('a large segment is encoded in pieces, a turn of the event loop apart, and its chunks are borrowed until then', async () => {
  const exporter = log('a');
  const delivery = new Delivery([exporter], plainly);
  const states: string[] = [];
  delivery.accept(largeSegment(100), summary, () => {
    states.push('borrowed');
    return () => void states.push('given back');
  });
  delivery.accept(sampleSegment({ name: 'small' }), summary);
  const names = (): string[] => exporter.batches.flatMap((batch) => batch.map(({ name }) => name));
  await new Promise((resolve) => setImmediate(resolve));
  expect([names(), states]).toEqual([['small'], ['borrowed']]);
  for (let turns = 0; turns < 20 && names().length < 2; turns++) await new Promise((resolve) => setImmediate(resolve));
  expect([names(), states]).toEqual([
    ['small', 'large'],
    ['borrowed', 'given back'],
  ]);
  expect(exporter.batches[1]?.[0]?.bytes).toEqual(encodeSegment(largeSegment(100)));
});

test('what is not encoded yet is encoded at once by a flush', () => {
  const exporter = log('a');
  const delivery = new Delivery([exporter], plainly);
  let givenBack = 0;
  for (let i = 0; i < 2; i++) delivery.accept(largeSegment(60), summary, () => () => void givenBack++);
  expect(exporter.batches).toEqual([]);
  void delivery.flush();
  expect(exporter.batches.map((batch) => batch.length)).toEqual([2]);
  expect(givenBack).toBe(2);
});
