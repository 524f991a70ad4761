/** The id of span `number` in a trace whose root has id `base`: the sum modulo 2^64, as 16 hex digits. */
export function createSpanId(base: string, number: number): string {
  // In two halves: a bigint sum costs as much as decoding the span.
  const low = Number.parseInt(base.slice(8), 16) + number;
  const carry = Math.floor(low / 0x1_0000_0000);
  const high = (Number.parseInt(base.slice(0, 8), 16) + carry) % 0x1_0000_0000;
  return high.toString(16).padStart(8, '0') + (low % 0x1_0000_0000).toString(16).padStart(8, '0');
}
