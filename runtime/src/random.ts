/** Numbers for sampling. Must not use `Math.random`: a program that seeds it would see another sequence. */
import { randomHex } from './trace-ids.ts';

/** Marsaglia's xorshift: from 0 to below 1, seeded by the host's source of chance at the first call: workerd has none before its first request. */
export function createRandom(seed?: number): () => number {
  let state = seed === undefined ? 0 : seed | 0 || 1;
  return () => {
    if (state === 0) state = Number.parseInt(randomHex(4), 16) | 0 || 1;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
