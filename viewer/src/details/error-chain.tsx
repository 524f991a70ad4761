/** An error, what caused it, what caused that … as far as capture followed it. */
import { formatValue, printable } from '@captureflow/trace';
import type { Value } from '@captureflow/trace';
import type { JSX } from 'preact';
import { ValueTree } from './value-tree.tsx';

/** Deeper than capture goes; a chain in foreign data may be longer. */
const MOST = 20;

export function ErrorChain({ error }: { readonly error: Value }): JSX.Element {
  return (
    <>
      {chainOf(error).map((link, index) => (
        <div key={index} class={index === 0 ? '' : 'cause'}>
          {index > 0 && <span class="cause-label">caused by</span>}
          <ErrorBody error={link} />
        </div>
      ))}
    </>
  );
}

function ErrorBody({ error }: { readonly error: Value }): JSX.Element {
  if (error.kind !== 'error') return <div class="values value-error">{formatValue(error, { width: 300 })}</div>;
  const rest = error.entries.filter(({ name, value }) => name !== 'cause' || value.kind !== 'error');
  return (
    <>
      <p class="error-line">
        <span class="mark-error" aria-hidden="true" />
        <span>
          <strong>{printable(error.className || 'Error', 120)}</strong>
          {error.message === '' ? '' : `: ${printable(error.message, 2000)}`}
        </span>
      </p>
      {rest.length > 0 && <ValueTree values={rest} />}
    </>
  );
}

/** From the error that was thrown down to the first cause. */
function chainOf(error: Value): readonly Value[] {
  const chain: Value[] = [error];
  for (let last = error; chain.length < MOST && last.kind === 'error'; ) {
    const cause: Value | undefined = last.entries.find(({ name }) => name === 'cause')?.value;
    if (cause?.kind !== 'error') break;
    chain.push(cause);
    last = cause;
  }
  return chain;
}
