/** Matches of the search by place, as sums: whether a rectangle of many spans holds one is a subtraction. */
/** `spans`: by place. Undefined: nothing matches. Else: matches at all places before each place. */
export function countMatches(spans: Uint32Array, matches: Uint32Array): Uint32Array | undefined {
  if (matches.length === 0) return undefined;
  const count = spans.length;
  const found = new Uint8Array(count);
  for (const span of matches) found[span] = 1;
  const before = new Uint32Array(count + 1);
  for (let place = 0; place < count; place++) before[place + 1] = (before[place] as number) + (found[spans[place] as number] as number);
  return before;
}
