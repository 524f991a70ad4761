/** The merged flame graph: calls along the same path are one box, as wide as the time spent in it, heaviest to the left. */
import { formatDuration, printable } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { mergedTrace } from '../../parts/merged-trace.ts';
import { selectedFunction } from '../../parts/selected-function.ts';
import { showCount, showCounted } from '../../shell/show-numbers.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { activeView, openTrace, selectedSpan } from '../../state/state.ts';
import { dark } from '../../state/theme.ts';
import { drawFlame } from './draw-flame.ts';
import { flameBoxes, rowCount, type FlameBoxes } from './flame-boxes.ts';
import { watchSize } from './watch-size.ts';
import '../../parts/call-text.css';
import '../../parts/view-bar.css';
import './merged.css';

const TALLEST = 8_000_000;

export function MergedView(): JSX.Element | null {
  const trace = openTrace.value;
  return trace === undefined ? null : <MergedFlame key={trace.summary.id} trace={trace} />;
}

function MergedFlame({ trace }: { readonly trace: LoadedTrace }): JSX.Element {
  const { merged } = mergedTrace(trace);
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const boxes = useRef<FlameBoxes | undefined>(undefined);
  const selected = selectedSpan.value;
  const [active, setActive] = useState(selected >= 0 ? merged.nodeOfSpan[selected]! : 0);
  const [focus, setFocus] = useState(0);
  const [hovered, setHovered] = useState(-1);
  const [size, setSize] = useState({ width: 800, height: 400, top: 0, rowHeight: 20 });
  const rows = useMemo(() => rowCount(merged), [merged]);
  const isDark = dark.value;
  const inFunction = selectedFunction.value;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    return watchSize(element, (width, height, rowHeight) => setSize((now) => ({ ...now, width, height, rowHeight })));
  }, []);

  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const firstRow = Math.floor(size.top / size.rowHeight);
    const endRow = Math.ceil((size.top + size.height) / size.rowHeight);
    boxes.current = flameBoxes(merged, { focus, width: size.width, firstRow, endRow });
    drawFlame(canvas.current, boxes.current, { trace, merged, ...size, active, hovered, focus, inFunction, dark: isDark });
  }, [trace, merged, size, active, hovered, focus, inFunction, isDark]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const above = merged.depth[active]! * size.rowHeight;
    if (above < element.scrollTop || above + size.rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = above - element.clientHeight / 2;
  }, [active, size.rowHeight]);

  const choose = (node: number): void => {
    setActive(node);
    if (node > 0) selectedFunction.value = merged.functionIndex[node]!;
  };
  const nodeAt = (event: MouseEvent): number => {
    const shown = boxes.current;
    if (shown === undefined || canvas.current === null) return -1;
    const box = canvas.current.getBoundingClientRect();
    const x = event.clientX - box.left;
    const row = Math.floor((event.clientY - box.top + size.top) / size.rowHeight);
    for (let at = 0; at < shown.count; at++) {
      if (shown.row[at] === row && x >= shown.x[at]! && x < shown.x[at]! + shown.width[at]!) return shown.node[at]!;
    }
    return -1;
  };
  const zoomTo = (node: number): void => {
    setFocus(node);
    choose(node);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowUp') choose(Math.max(merged.parent[active]!, 0));
    else if (event.key === 'ArrowDown') choose(merged.firstChild[active]! >= 0 ? merged.firstChild[active]! : active);
    else if (event.key === 'ArrowRight') choose(merged.nextSibling[active]! >= 0 ? merged.nextSibling[active]! : active);
    else if (event.key === 'ArrowLeft') choose(beforeSibling(merged.parent, merged.firstChild, merged.nextSibling, active));
    else if (event.key === 'Enter') zoomTo(active);
    else if (event.key === 'Escape' || event.key === '0') zoomTo(0);
    else return;
    event.preventDefault();
  };

  const spoken = hovered !== -1 ? hovered : active;
  return (
    <div class="merged-view">
      <div class="view-bar">
        <button type="button" class="quiet" disabled={focus === 0} onClick={() => zoomTo(0)}>
          Whole trace
        </button>
        <button
          type="button"
          class="quiet"
          disabled={active === 0}
          onClick={() => {
            selectedSpan.value = merged.longest[active]!;
            activeView.value = 'chart';
          }}
        >
          Longest call in the chart
        </button>
        <span class="merged-about" role="status">
          <About trace={trace} node={spoken} />
        </span>
        <span class="view-hint">click zooms · arrows move · Enter zooms · Esc shows all</span>
      </div>
      <div
        class="merged-scroll"
        ref={scroller}
        tabIndex={0}
        role="application"
        aria-label="Merged flame graph; arrows move from box to box, the table Functions has the same numbers"
        onKeyDown={press}
        onScroll={(event) => {
          const top = event.currentTarget.scrollTop;
          setSize((now) => ({ ...now, top }));
        }}
      >
        <div class="merged-space" style={{ height: `${Math.min(rows * size.rowHeight, TALLEST)}px` }}>
          <canvas
            ref={canvas}
            class="merged-canvas"
            onMouseMove={(event) => setHovered(nodeAt(event))}
            onMouseLeave={() => setHovered(-1)}
            onClick={(event) => {
              const node = nodeAt(event);
              if (node >= 0) zoomTo(node === focus ? Math.max(merged.parent[node]!, 0) : node);
              else if (node < -1) zoomTo(-1 - node);
            }}
          />
        </div>
      </div>
    </div>
  );
}

function About({ trace, node }: { readonly trace: LoadedTrace; readonly node: number }): JSX.Element {
  const { merged } = mergedTrace(trace);
  if (node < -1) return <>calls too short to be seen; click to zoom in</>;
  if (node <= 0)
    return (
      <>{`${showCounted(trace.columns.count, 'call')} along ${showCounted(merged.count - 1, 'path')} · ${formatDuration(merged.weight[0]!)} in functions`}</>
    );
  const info = trace.header.functions[merged.functionIndex[node]!];
  const calls = merged.calls[node]!;
  const errors = merged.errors[node]!;
  const waiting = merged.waiting[node]!;
  const share = merged.weight[0]! > 0 ? (100 * merged.weight[node]!) / merged.weight[0]! : 0;
  return (
    <>
      <span class="tree-name">{printable(info?.name ?? '?', LONGEST_NAME)}</span>{' '}
      {`${showCounted(calls, 'call')} · ${formatDuration(merged.weight[node]!)} (${share.toFixed(1)} %) · self ${formatDuration(merged.self[node]!)}`}
      {waiting > 0 && ` · waiting ${formatDuration(waiting)}`}
      {errors > 0 && <span class="call-error"> · ✕ {showCount(errors)} threw</span>}
    </>
  );
}

function beforeSibling(parent: Int32Array, firstChild: Int32Array, nextSibling: Int32Array, node: number): number {
  if (parent[node]! < 0) return node;
  let before = node;
  for (let at = firstChild[parent[node]!]!; at >= 0 && at !== node; at = nextSibling[at]!) before = at;
  return before;
}
