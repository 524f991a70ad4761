/** Makes traces fit a terminal. Only what is printed gets shorter; the files hold all of it. */

/**
 * A copy of `trace` for printing.
 * `repeats`: so many calls of one function side by side are shown, the others counted; those that threw are always shown.
 * `isLeaf(span)`: nothing below such a span is shown, unless it threw.
 * `hasPlace(span)`: the others are printed without file and line.
 */
export function shortenTrace(trace, { repeats = Number.POSITIVE_INFINITY, isLeaf = () => false, hasPlace = () => true }) {
  const root = fold(trace, trace, repeats);
  const wanted = [...root.children];
  const folded = new Map();
  for (const number of wanted) {
    const span = trace.spans[number - 1];
    const shown = isLeaf(span) && span.outcome.kind !== 'threw' ? { children: [], elided: [] } : fold(trace, span, repeats);
    folded.set(number, shown);
    wanted.push(...shown.children);
  }
  // A span's number is its place in the list.
  const numbers = new Map([0, ...wanted.sort((a, b) => a - b)].map((number, index) => [number, index]));
  const renumber = (number) => numbers.get(number);
  const spans = wanted.map((number) => {
    const span = trace.spans[number - 1];
    const { children, elided } = folded.get(number);
    return {
      ...span,
      number: renumber(number),
      parent: renumber(span.parent),
      function: hasPlace(span) ? span.function : { ...span.function, module: '' },
      children: children.map(renumber),
      elided,
    };
  });
  return { ...trace, spans, children: root.children.map(renumber), elided: root.elided };
}

function fold(trace, { children, elided }, repeats) {
  const groups = new Map();
  const shown = [];
  for (const number of children) {
    const { function: info, outcome } = trace.spans[number - 1];
    const group = groups.get(info.key) ?? { function: info, shown: 0, count: 0 };
    groups.set(info.key, group);
    if (group.shown < repeats || outcome.kind === 'threw') {
      group.shown++;
      shown.push(number);
    } else {
      group.count++;
    }
  }
  return { children: shown, elided: [...elided, ...[...groups.values()].filter(({ count }) => count > 0)] };
}
