/** The words of a trace that a search may name: distinct texts, bounded, so that one trace with a novel in it does not fill the index. */

/** UTF-16 units; texts are cut by capture at 255, so this is some hundred different ones. */
const MOST_UNITS = 32 * 1024;
const MOST_OF_ONE = 1024;

export class SearchText {
  readonly #texts: Set<string> = new Set();
  #left: number = MOST_UNITS;

  add(text: string): void {
    if (this.#left <= 0 || text === '' || this.#texts.has(text)) return;
    const kept = text.length > MOST_OF_ONE ? text.slice(0, MOST_OF_ONE) : text;
    this.#texts.add(kept);
    this.#left -= kept.length + 1;
  }

  addRoot(
    root: { readonly name: string; readonly attributes: Readonly<Record<string, unknown>> },
    error: { readonly type: string; readonly message: string } | undefined,
  ): void {
    this.add(root.name);
    for (const value of Object.values(root.attributes)) if (typeof value === 'string' || typeof value === 'number') this.add(String(value));
    if (error !== undefined) {
      this.add(error.type);
      this.add(error.message);
    }
  }

  toString(): string {
    return [...this.#texts].join('\n');
  }
}

/**
 * What the user typed as a query of SQLite's FTS5: each word must occur, as the beginning of a word; marks between letters make it a phrase (`ann@example.com`);
 * text in quotes is one as it stands. Undefined: nothing in it can be searched for.
 */
export function matchOf(typed: string): string | undefined {
  const terms: string[] = [];
  for (const [, quoted, word] of typed.matchAll(/"([^"]*)"|([^\s"]+)/g)) {
    const text = quoted ?? word ?? '';
    if (!/[\p{L}\p{N}]/u.test(text)) continue;
    terms.push(quoted === undefined ? `"${text}"*` : `"${text}"`);
  }
  return terms.length === 0 ? undefined : terms.join(' AND ');
}
