/** Makes long traces short for reading: of many calls of one function side by side, the first few stay and the others are counted. */

/** A copy of `trace` in which no span has more than `keep` children of the same function. Spans that threw always stay. */
export function foldRepeats(trace, keep) {
  const spans = trace.spans.map((span) => ({ ...span, ...fold(trace, span, keep) }));
  const root = fold(trace, trace, keep);
  return { ...trace, ...root, spans: keepReachable(spans, root.children) };
}

function fold(trace, { children, elided }, keep) {
  const seen = new Map();
  const shown = [];
  for (const number of children) {
    const span = trace.spans[number - 1];
    const { key } = span.function;
    const folded = seen.get(key) ?? { function: span.function, shown: 0, count: 0 };
    seen.set(key, folded);
    if (folded.shown < keep || span.outcome.kind === 'threw') {
      folded.shown++;
      shown.push(number);
    } else {
      folded.count++;
    }
  }
  return { children: shown, elided: [...elided, ...[...seen.values()].filter(({ count }) => count > 0)] };
}

/** Numbers the spans that are left anew, because a span's number is its place in the list. */
function keepReachable(spans, roots) {
  const numbers = [...roots];
  for (const number of numbers) numbers.push(...spans[number - 1].children);
  const kept = new Map(numbers.sort((a, b) => a - b).map((number, index) => [number, index + 1]));
  const renumber = (number) => kept.get(number);
  roots.forEach((number, index) => {
    roots[index] = renumber(number);
  });
  return numbers.map((number) => {
    const span = spans[number - 1];
    return { ...span, number: renumber(number), parent: kept.get(span.parent) ?? 0, children: span.children.map(renumber) };
  });
}
