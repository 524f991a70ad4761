/** How something ended, as a shape and a word: never by colour alone. */
import type { JSX } from 'preact';

const WORDS = { ok: 'ended well', error: 'failed', open: 'still open' } as const;

export function OutcomeMark({ outcome }: { readonly outcome: keyof typeof WORDS }): JSX.Element {
  return <span class={`mark mark-${outcome}`} role="img" aria-label={WORDS[outcome]} title={WORDS[outcome]} />;
}
