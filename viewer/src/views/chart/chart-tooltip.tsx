/** What the span under the mouse is, in a few lines. Its arguments come when the mouse rests. */
import { formatDuration, formatValue, printable } from '@captureflow/trace';
import { SpanFlag } from '@captureflow/trace/view-file';
import type { SpanDetails } from '@captureflow/trace/view-file';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { selfTime } from '../../details/self-time.ts';
import { openTrace } from '../../state/state.ts';
import { hoveredSpan } from './hovered-span.ts';

const REST_MS = 60;
const AWAY_PX = 14;
/** A span with more children costs a sum that a moving mouse would wait for. */
const MOST_ARGUMENTS = 6;

export function ChartTooltip(): JSX.Element | null {
  const trace = openTrace.value;
  const hovered = hoveredSpan.value;
  const span = hovered?.span ?? -1;
  const [rested, setRested] = useState<{ readonly span: number; readonly details: SpanDetails }>();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (trace === undefined || span < 0) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      trace.details(span).then(
        (details) => current && setRested({ span, details }),
        () => {},
      );
    }, REST_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [trace, span]);
  useLayoutEffect(() => {
    if (hovered === undefined || box.current === null) return;
    const { offsetWidth, offsetHeight, style } = box.current;
    const left = hovered.x + AWAY_PX + offsetWidth > innerWidth ? hovered.x - AWAY_PX - offsetWidth : hovered.x + AWAY_PX;
    const top = hovered.y + AWAY_PX + offsetHeight > innerHeight ? hovered.y - AWAY_PX - offsetHeight : hovered.y + AWAY_PX;
    style.left = `${Math.max(0, left)}px`;
    style.top = `${Math.max(0, top)}px`;
  });
  if (trace === undefined || hovered === undefined) return null;
  const { columns, header } = trace;
  const fn = header.functions[columns.functionIndex[span] as number];
  const flags = columns.flags[span] as number;
  if (fn === undefined) return null;
  const details = rested?.span === span ? rested.details : undefined;
  return (
    <div ref={box} class="tooltip" role="presentation">
      <p class="tooltip-name">{printable(fn.name, 160)}</p>
      <p class="dim">
        {printable(fn.module, 160)}:{fn.line}
      </p>
      <p>
        {formatDuration(trace.endOf(span) - (columns.start[span] as number))}
        <span class="dim">, self {formatDuration(selfTime(trace, span))}</span>
        {(flags & SpanFlag.OPEN) !== 0 && <span class="dim">, still running</span>}
      </p>
      {(flags & SpanFlag.THREW) !== 0 && (
        <p class="value-error">
          <span class="mark-error" aria-hidden="true" /> {(flags & SpanFlag.ORIGIN) !== 0 ? 'threw' : 'passed an error on'}
          {details?.outcome.kind === 'threw' &&
            details.outcome.error !== undefined &&
            ` ${formatValue(details.outcome.error, { width: 90 })}`}
        </p>
      )}
      {details !== undefined && details.args.length > 0 && (
        <ul class="tooltip-values">
          {details.args.slice(0, MOST_ARGUMENTS).map(({ name, value }, index) => (
            <li key={index}>
              <span class="dim">{printable(name, 40)}:</span> {formatValue(value, { width: 60 })}
            </li>
          ))}
        </ul>
      )}
      {details?.outcome.kind === 'returned' && details.outcome.value !== undefined && (
        <p class="tooltip-values">→ {formatValue(details.outcome.value, { width: 70 })}</p>
      )}
    </div>
  );
}
