/** The blocks of an open trace: what is gone through once is not held, and what cannot be had does not end it. */
import { summarize } from '@captureflow/trace';
import { readViewHead, writeViewFile } from '@captureflow/trace/view-file';
import { describe, expect, it } from 'vitest';
import { LoadedTrace } from '../src/state/loaded-trace.ts';
import { busyTrace } from './made-traces.ts';

/** Of blocks of 4 spans. `asked`: every block that was read, in order. */
function traceOf(spans: number, missing = -1): { readonly trace: LoadedTrace; readonly asked: number[] } {
  const made = busyTrace(spans);
  const parts = writeViewFile(made, { blockSize: 4 });
  const asked: number[] = [];
  const trace = new LoadedTrace({ ...summarize(made), id: 't' }, readViewHead(parts.head), {
    block: async (index) => {
      asked.push(index);
      if (index === missing) throw new Error('not to be had');
      return parts.block(index);
    },
    source: async () => undefined,
  });
  return { trace, asked };
}

async function spansIn(trace: LoadedTrace): Promise<(number | string)[]> {
  const found: (number | string)[] = [];
  for await (const block of trace.allBlocks()) found.push(block instanceof Error ? block.message : block.length);
  return found;
}

describe('all blocks of a trace', () => {
  it('come in order, each read once, and of a large trace none is kept', async () => {
    const { trace, asked } = traceOf(402);
    expect(await spansIn(trace)).toEqual([...Array<number>(100).fill(4), 2]);
    expect(asked).toEqual(Array.from({ length: 101 }, (_, index) => index));
    await trace.block(100);
    expect(asked).toHaveLength(102);
  });

  it('of a small trace are kept, so that typing on in a search reads nothing again', async () => {
    const { trace, asked } = traceOf(40);
    await spansIn(trace);
    await spansIn(trace);
    expect(asked).toHaveLength(10);
  });

  it('say which cannot be had, and go on behind it; the whole trace is not to be had then', async () => {
    const { trace } = traceOf(402, 50);
    const found = await spansIn(trace);
    expect(found[50]).toBe('not to be had');
    expect(found.filter((count) => count === 4)).toHaveLength(99);
    await expect(trace.whole()).rejects.toThrow('not to be had');
  });

  it('are read no further than a few ahead of who stops', async () => {
    const { trace, asked } = traceOf(402);
    for await (const block of trace.allBlocks()) {
      expect(block).toHaveLength(4);
      break;
    }
    expect(asked.length).toBeLessThan(6);
  });
});
