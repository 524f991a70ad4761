/** Offsets to lines and columns, both 1-based, columns in UTF-16 units. */
export interface LineIndex {
  at(offset: number): { readonly line: number; readonly column: number };
}

export function createLineIndex(source: string): LineIndex {
  const starts = lineStarts(source);
  return {
    at(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] as number) <= offset) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: offset - (starts[low] as number) + 1 };
    },
  };
}

/** Offset of each line. Line ends as ECMAScript counts them: LF, CR, CRLF, U+2028, U+2029. */
export function lineStarts(source: string): readonly number[] {
  const starts = [0];
  // A match for every line would be among the largest things that planning a file allocates.
  if (!/[\r\u2028\u2029]/.test(source)) {
    for (let end = source.indexOf('\n'); end >= 0; end = source.indexOf('\n', end + 1)) starts.push(end + 1);
  } else {
    for (const match of source.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  }
  return starts;
}
