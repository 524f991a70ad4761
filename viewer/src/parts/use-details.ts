/** Arguments and results for what is in sight: blocks are read when they are asked for, and the component is drawn again when they are there. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LoadedTrace } from '../state/loaded-trace.ts';
import type { SpanDetails } from '@captureflow/trace/view-file';

export interface DetailsReader {
  /** Undefined: not there yet. An error: the block cannot be had. */
  get(span: number): SpanDetails | Error | undefined;
  /** Asks for what `get` will be asked for. */
  want(spans: Iterable<number>): void;
}

type Block = readonly SpanDetails[] | Error | 'asked';
/** Blocks that a list holds on to; the trace has its own store behind it. */
const KEPT = 24;

export function useDetails(trace: LoadedTrace | undefined): DetailsReader {
  const [, draw] = useState(0);
  const blocks = useMemo(() => new Map<number, Block>(), [trace]);
  const state = useMemo(() => ({ gone: false }), [blocks]);
  useEffect(
    () => () => {
      state.gone = true;
    },
    [state],
  );
  const size = trace?.header.blockSize ?? 1;
  return {
    get(span) {
      const block = blocks.get(Math.floor(span / size));
      return block === undefined || block === 'asked' || block instanceof Error
        ? block === 'asked'
          ? undefined
          : block
        : block[span % size];
    },
    want(spans) {
      if (trace === undefined) return;
      for (const span of spans) {
        const number = Math.floor(span / size);
        if (span < 0 || blocks.has(number)) continue;
        blocks.set(number, 'asked');
        if (blocks.size > KEPT) blocks.delete(blocks.keys().next().value as number);
        const done = (block: Block): void => {
          blocks.set(number, block);
          if (!state.gone) draw((now) => now + 1);
        };
        trace.block(number).then(done, (error: unknown) => done(error instanceof Error ? error : new Error(String(error))));
      }
    },
  };
}
