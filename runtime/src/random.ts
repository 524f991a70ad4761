/** Numbers for sampling. Must not use `Math.random`: a program that seeds it would see another sequence. */
import { randomHex } from './trace-ids.ts';

/** Marsaglia's xorshift: from 0 to below 1, seeded by the host's source of chance. */
export function createRandom(seed: number = Number.parseInt(randomHex(4), 16)): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
