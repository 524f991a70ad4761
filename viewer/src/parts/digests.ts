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
  for (let number = 0; number < trace.blockCount; number++) {
    try {
      (await trace.block(number)).forEach((details, index) => {
        const span = number * trace.header.blockSize + index;
        if (span >= count) return;
        args[span] = digestArguments(details.args);
        outcome[span] = digestOutcome(details.outcome);
      });
    } catch {
      // Unknown results are not compared; how many were is said beside the result.
    }
    if (number % 8 !== 7) continue;
    onProgress(number / trace.blockCount);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { args, outcome };
}
