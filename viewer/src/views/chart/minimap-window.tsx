/** The part of the overview that the chart shows: what is outside of it is shaded. */
import type { JSX } from 'preact';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { visibleRange } from '../../state/state.ts';

export function MinimapWindow({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const { from, to } = visibleRange.value;
  const { extent } = trace;
  const share = 100 / (extent.to - extent.from);
  const left = (from - extent.from) * share;
  const right = (extent.to - to) * share;
  return (
    <>
      {left > 0 && <div class="minimap-shade left" style={{ width: `${left}%` }} />}
      {right > 0 && <div class="minimap-shade right" style={{ width: `${right}%` }} />}
    </>
  );
}
