/**
 * One half of the sandwich as a flame graph: callers stand on the function, callees hang below it. For the mouse and the eye: the lists beside it have the same
 * functions for the keyboard.
 */
import { formatDuration, printable } from '@captureflow/trace';
import type { FlameNodes } from '@captureflow/trace';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { LONGEST_NAME } from '../../parts/longest-name.ts';
import { selectedFunction } from '../../parts/selected-function.ts';
import { showCounted } from '../../shell/show-numbers.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import { dark } from '../../state/theme.ts';
import { drawFlame } from '../merged/draw-flame.ts';
import { flameBoxes, rowCount } from '../merged/flame-boxes.ts';
import type { FlameBoxes } from '../merged/flame-boxes.ts';
import { watchSize } from '../merged/watch-size.ts';

export interface FunctionFlameProps {
  readonly trace: LoadedTrace;
  readonly nodes: FlameNodes;
  readonly label: string;
  /** The function is the lowest row. */
  readonly upwards: boolean;
}

/** No box, no function; -1 is the root. */
const NONE = -2;
/** Rows that are drawn at most. */
const MOST_ROWS = 60;

export function FunctionFlame({ trace, nodes, label, upwards }: FunctionFlameProps): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const boxes = useRef<FlameBoxes | undefined>(undefined);
  const [size, setSize] = useState({ width: 300, rowHeight: 20 });
  const [hovered, setHovered] = useState(-1);
  const isDark = dark.value;
  const rows = useMemo(() => Math.min(rowCount(nodes), MOST_ROWS), [nodes]);
  const height = rows * size.rowHeight;

  useLayoutEffect(() => {
    const element = scroller.current;
    return element === null ? undefined : watchSize(element, (width, _height, rowHeight) => setSize({ width, rowHeight }));
  }, []);
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const made = flameBoxes(nodes, { focus: 0, width: size.width, firstRow: 0, endRow: rows });
    boxes.current = upwards ? { ...made, row: made.row.map((row) => rows - 1 - row) } : made;
    const picture = { trace, merged: nodes, width: size.width, height, top: 0, rowHeight: size.rowHeight };
    drawFlame(canvas.current, boxes.current, { ...picture, active: NONE, hovered, focus: 0, inFunction: NONE, dark: isDark });
  }, [trace, nodes, size, rows, hovered, isDark, upwards]);
  useLayoutEffect(() => {
    // The function itself is at the foot.
    if (scroller.current !== null) scroller.current.scrollTop = upwards ? height : 0;
    setHovered(-1);
  }, [nodes, height, upwards]);

  const nodeAt = (event: MouseEvent): number => {
    const shown = boxes.current;
    const box = canvas.current?.getBoundingClientRect();
    if (shown === undefined || box === undefined) return -1;
    const x = event.clientX - box.left;
    const row = Math.floor((event.clientY - box.top) / size.rowHeight);
    const at = shown.node.findIndex(
      (_, index) => shown.row[index] === row && x >= shown.x[index]! && x < shown.x[index]! + shown.width[index]!,
    );
    return at < 0 ? -1 : Math.max(shown.node[at]!, -1);
  };
  return (
    <div ref={scroller} class="function-flame" title={hovered < 0 ? '' : about(trace, nodes, hovered)}>
      <canvas
        ref={canvas}
        class="merged-canvas"
        role="img"
        aria-label={label}
        onMouseMove={(event) => setHovered(nodeAt(event))}
        onMouseLeave={() => setHovered(-1)}
        onClick={(event) => {
          const node = nodeAt(event);
          const chosen = node < 0 ? -1 : nodes.functionIndex[node]!;
          if (chosen >= 0) selectedFunction.value = chosen;
        }}
      />
    </div>
  );
}

function about({ header }: LoadedTrace, { functionIndex, calls, weight }: FlameNodes, node: number): string {
  const name = functionIndex[node]! < 0 ? header.root.name : (header.functions[functionIndex[node]!]?.name ?? '?');
  const share = weight[0]! > 0 ? ` (${((100 * weight[node]!) / weight[0]!).toFixed(1)} %)` : '';
  return `${printable(name, LONGEST_NAME)}: ${showCounted(calls[node]!, 'call')}, ${formatDuration(weight[node]!)}${share}`;
}
