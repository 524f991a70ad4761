/** What a search asks for. Pure: `is:error` and `>5ms` narrow, all other words together are one text. */

export interface SearchQuery {
  /** Lower case, '' any. */
  readonly text: string;
  readonly isError: boolean;
  readonly isOpen: boolean;
  readonly isAsync: boolean;
  /** ms. */
  readonly longerThan: number;
}

const UNITS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, '': 1 };

export function parseQuery(text: string): SearchQuery {
  const words: string[] = [];
  let isError = false;
  let isOpen = false;
  let isAsync = false;
  let longerThan = Number.NEGATIVE_INFINITY;
  for (const word of text.trim().split(/\s+/)) {
    const duration = /^>(\d+(?:\.\d+)?)(ns|us|µs|ms|s|)$/.exec(word);
    if (word === 'is:error') isError = true;
    else if (word === 'is:open') isOpen = true;
    else if (word === 'is:async') isAsync = true;
    else if (duration !== null) longerThan = Number(duration[1]) * UNITS[duration[2]!]!;
    else words.push(word);
  }
  return { text: words.join(' ').toLowerCase(), isError, isOpen, isAsync, longerThan };
}
