/** The time-ordered flame chart: overview, axis, rows. What its canvases show is told by `chart-controller.ts`; here is what stands around them. */
import { formatDuration, printable } from '@captureflow/trace';
import { SpanFlag } from '@captureflow/trace/view-file';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { openTrace, selectedSpan } from '../../state/state.ts';
import { ChartController } from './chart-controller.ts';
import { attachGestures } from './chart-gestures.ts';
import { pressChartKey } from './chart-keys.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import { HoverOutline } from './hover-outline.tsx';
import { hoveredSpan } from './hovered-span.ts';
import { MinimapWindow } from './minimap-window.tsx';
import './chart.css';

export function ChartView(): JSX.Element | null {
  const trace = openTrace.value;
  // Canvases of its own for each: what they painted once stays theirs.
  return trace === undefined ? null : <Chart key={trace} trace={trace} />;
}

function Chart({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const axis = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<HTMLCanvasElement>(null);
  const [controller, setController] = useState<ChartController>();
  /** The same for keys, which may come after the focus and before the next rendering. */
  const forKeys = useRef<ChartController>(undefined);
  // Before the paint: the first one shows the chart, and keys that come at once find it focused.
  useLayoutEffect(() => {
    const elements = {
      scroller: scroller.current as HTMLDivElement,
      spacer: spacer.current as HTMLDivElement,
      canvas: canvas.current as HTMLCanvasElement,
      axis: axis.current as HTMLCanvasElement,
      minimap: minimap.current as HTMLCanvasElement,
    };
    const chart = new ChartController(trace, elements);
    setController(chart);
    forKeys.current = chart;
    const detach = attachGestures(chart, elements);
    // Who walks through the tabs stays there.
    if (document.activeElement === document.body) elements.scroller.focus({ preventScroll: true });
    return () => {
      hoveredSpan.value = undefined;
      detach();
      chart.dispose();
    };
  }, [trace]);
  return (
    <div class="chart">
      <div class="chart-overview" aria-hidden="true">
        <canvas ref={minimap} class="chart-minimap" />
        <MinimapWindow trace={trace} />
      </div>
      <canvas ref={axis} class="chart-axis" aria-hidden="true" />
      <div
        ref={scroller}
        class="chart-scroll"
        role="application"
        tabIndex={0}
        aria-label="Flame chart"
        aria-describedby="chart-now"
        onKeyDown={(event) => {
          if (forKeys.current !== undefined && pressChartKey(forKeys.current, event)) event.preventDefault();
        }}
      >
        <div ref={spacer} class="chart-spacer">
          <canvas ref={canvas} class="chart-canvas" />
          {controller !== undefined && <HoverOutline chart={controller} />}
        </div>
      </div>
      <p id="chart-now" class="hidden-text" role="status">
        {describe(trace, selectedSpan.value)}
      </p>
      {trace.columns.count === 0 && <p class="nothing">This trace has no spans.</p>}
      <ChartTooltip />
    </div>
  );
}

/** For who hears the page. */
function describe(trace: LoadedTrace, span: number): string {
  const { header, columns } = trace;
  const fn = header.functions[columns.functionIndex[span] ?? -1];
  if (fn === undefined) return `${columns.count} spans. Arrow keys select one.`;
  const duration = trace.endOf(span) - (columns.start[span] as number);
  const ending = ((columns.flags[span] as number) & SpanFlag.THREW) !== 0 ? ', threw' : '';

  return `${printable(fn.name, 200)}, ${formatDuration(duration)}${ending}`;
}
