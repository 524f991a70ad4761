/** Random ids of traces and spans. Must not use `Math.random`: a program that seeds it would see another sequence. */
import { builtin } from './builtin.ts';

interface RandomSource {
  randomFillSync?: (bytes: Uint8Array) => unknown;
}

let fill: ((bytes: Uint8Array) => void) | undefined;

function resolveSource(): (bytes: Uint8Array) => void {
  const node = builtin('node:crypto' as never) as RandomSource | undefined;
  if (node?.randomFillSync !== undefined) {
    const { randomFillSync } = node;
    return (bytes) => void randomFillSync(bytes);
  }
  const web = globalThis.crypto;
  return (bytes) => void web.getRandomValues(bytes);
}

/** `bytes` random bytes as hex digits, never all zero. */
export function randomHex(bytes: number): string {
  fill ??= resolveSource();
  const random = new Uint8Array(bytes);
  fill(random);
  random[0] = (random[0] as number) | 1;
  let text = '';
  for (let i = 0; i < bytes; i++) text += ((random[i] as number) + 256).toString(16).slice(1);
  return text;
}
