/** Digests of all calls of a trace, read block by block: what a comparison needs to tell results apart without holding the values. */
import { digestArguments, digestOutcome, type CallDigests } from '@captureflow/trace';
import type { LoadedTrace } from '../state/loaded-trace.ts';

const known = new WeakMap<LoadedTrace, Promise<CallDigests>>();

/** Calls whose block cannot be read stay unknown (0). `onProgress`: share done; told to the first who asks only. */
export function digestsOf(trace: LoadedTrace, onProgress: (done: number) => void): Promise<CallDigests> {
  let digests = known.get(trace);
  if (digests === undefined) {
    digests = read(trace, onProgress);
    known.set(trace, digests);
  }
  return digests;
}

async function read(trace: LoadedTrace, onProgress: (done: number) => void): Promise<CallDigests> {
  const { count } = trace.columns;
  const args = new Uint32Array(count);
  const outcome = new Uint32Array(count);
  let number = 0;
  for await (const block of trace.allBlocks()) {
    const from = number++ * trace.header.blockSize;
    // Unknown results are not compared; how many were is said beside the result.
    if (!(block instanceof Error)) {
      block.forEach((details, index) => {
        if (from + index >= count) return;
        args[from + index] = digestArguments(details.args);
        outcome[from + index] = digestOutcome(details.outcome);
      });
    }
    if (number % 8 !== 0) continue;
    onProgress(number / trace.blockCount);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { args, outcome };
}
