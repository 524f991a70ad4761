/** What is known of the root: shown while no span is selected. */
import { formatDuration, printable } from '@captureflow/trace';
import type { JSX } from 'preact';
import { showCount, showDateTime } from '../shell/show-numbers.ts';
import type { LoadedTrace } from '../state/loaded-trace.ts';
import { Section } from './details-section.tsx';
import { ValueRow } from './value-tree.tsx';

export function RootDetails({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const { root, process, startTime, duration, traceId, elided, rootsDropped } = trace.header;
  const attributes = Object.entries(root.attributes);
  return (
    <>
      <div class="details-head">
        <div class="details-name">
          <h2>{printable(root.name, 300)}</h2>
          <span class="dim">root, {root.kind}</span>
        </div>
        <p class="details-place">{traceId}</p>
      </div>
      <dl class="details-facts">
        <dt>Started</dt>
        <dd>{showDateTime(startTime)}</dd>
        <dt>Duration</dt>
        <dd>{duration === undefined ? 'still open' : formatDuration(duration)}</dd>
        <dt>Process</dt>
        <dd>
          {printable(process.service, 120)} {process.pid}
          {process.threadId > 0 && ` thread ${process.threadId}`}, {printable(process.runtime, 60)}
        </dd>
        {root.parent !== undefined && (
          <>
            <dt>Called by</dt>
            <dd class="mono">{root.parent.spanId}</dd>
          </>
        )}
      </dl>
      {root.error !== undefined && (
        <Section title="Ended with" failed>
          <p class="error-line">
            <span class="mark-error" aria-hidden="true" />
            <span>
              <strong>{printable(root.error.type, 120)}</strong>: {printable(root.error.message, 2000)}
            </span>
          </p>
        </Section>
      )}
      {attributes.length > 0 && (
        <Section title="Attributes">
          <table class="small-table pairs mono">
            <tbody>
              {attributes.map(([name, value]) => (
                <tr key={name}>
                  <td class="dim">{printable(name, 120)}</td>
                  <td>{printable(typeof value === 'string' ? value : JSON.stringify(value), 2000)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
      {root.annotations.length > 0 && (
        <Section title="Annotations">
          <div class="values">
            {root.annotations.map((value, index) => (
              <ValueRow key={index} name="" value={value} startOpen />
            ))}
          </div>
        </Section>
      )}
      {elided.length > 0 && (
        <Section title="Calls counted, not recorded">
          <p>{showCount(elided.reduce((sum, calls) => sum + calls.count, 0))}</p>
        </Section>
      )}
      {rootsDropped !== undefined && (
        <Section title="Not kept before this one">
          <p>
            {Object.entries(rootsDropped)
              .map(([cause, count]) => `${cause}: ${showCount(count)}`)
              .join(', ')}
          </p>
        </Section>
      )}
      <p class="details-empty">Select a span to see its arguments, result and locals.</p>
    </>
  );
}
