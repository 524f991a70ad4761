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

/** Asked for in portions: a call to the host costs 4 to 14 us, most of what a small root took. */
const PORTION = 1024;
let portion: Uint8Array | undefined;
let used = PORTION;

const HEX: string[] = [];
for (let i = 0; i < 256; i++) HEX[i] = (i + 256).toString(16).slice(1);

/** `bytes` random bytes (at most 1024) as hex digits, never all zero. */
export function randomHex(bytes: number): string {
  if (portion === undefined || used + bytes > PORTION) {
    fill ??= resolveSource();
    portion ??= new Uint8Array(PORTION);
    fill(portion);
    used = 0;
  }
  let text = HEX[(portion[used] as number) | 1] as string;
  for (let i = 1; i < bytes; i++) text += HEX[portion[used + i] as number] as string;
  used += bytes;
  return text;
}
