/**
 * The ids of a trace's spans: of span `number` the sum of it and `base`, the root's id, modulo 2^64, as 16 hex digits. In two halves,
 * because a bigint sum costs as much as reading the span.
 */
export function createSpanIds(base: string): (number: number) => string {
  const baseHigh = Number.parseInt(base.slice(0, 8), 16);
  const baseLow = Number.parseInt(base.slice(8), 16);
  return (number) => {
    const low = baseLow + number;
    const high = (baseHigh + Math.floor(low / 0x1_0000_0000)) % 0x1_0000_0000;
    return high.toString(16).padStart(8, '0') + (low % 0x1_0000_0000).toString(16).padStart(8, '0');
  };
}
