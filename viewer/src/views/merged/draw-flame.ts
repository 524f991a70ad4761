/** Draws the boxes of a merged flame graph. Colours say which function, a bar and a sign say that something threw. */
import type { FlameNodes } from '@captureflow/trace';
import { colorNumber, functionColors } from '../../state/function-color.ts';
import type { LoadedTrace } from '../../state/loaded-trace.ts';
import type { FlameBoxes } from './flame-boxes.ts';

export interface FlamePicture {
  readonly trace: LoadedTrace;
  readonly merged: FlameNodes;
  /** px: of what is in sight. */
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly rowHeight: number;
  readonly active: number;
  readonly hovered: number;
  /** Callers of it are drawn pale. */
  readonly focus: number;
  /** Boxes of this function have a border. */
  readonly inFunction: number;
  readonly dark: boolean;
}

const TEXT_FROM = 30;

export function drawFlame(canvas: HTMLCanvasElement, boxes: FlameBoxes, picture: FlamePicture): void {
  const { trace, merged, width, height, top, rowHeight, active, hovered, focus, inFunction } = picture;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const style = getComputedStyle(canvas);
  const color = (name: string): string => style.getPropertyValue(name);
  const [text, dim, error, accent, line] = ['--flame-text', '--flame-dim', '--flame-error', '--flame-accent', '--flame-line'].map((name) =>
    resolved(canvas, color(name)),
  ) as [string, string, string, string, string];
  const colors = functionColors(picture.dark);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = `${Math.round(rowHeight * 0.58)}px ${style.fontFamily}`;
  context.textBaseline = 'middle';
  const letter = context.measureText('n').width;
  for (let at = 0; at < boxes.count; at++) {
    const node = boxes.node[at]!;
    const x = boxes.x[at]!;
    const y = boxes.row[at]! * rowHeight - top;
    const boxWidth = Math.max(boxes.width[at]! - (boxes.width[at]! > 3 ? 1 : 0), 0.5);
    const boxHeight = rowHeight - 1;
    const info = node >= 0 ? trace.header.functions[merged.functionIndex[node]!] : undefined;
    const isRoot = node >= 0 && merged.functionIndex[node]! < 0;
    context.globalAlpha = node >= 0 && merged.depth[node]! < merged.depth[focus]! ? 0.5 : 1;
    context.fillStyle = info === undefined ? line : colors[colorNumber(info)]!.fill;
    context.fillRect(x, y, boxWidth, boxHeight);
    if (node > 0 && merged.errors[node]! > 0) {
      context.fillStyle = error;
      context.fillRect(x, y + boxHeight - 2, boxWidth, 2);
    }
    if (boxWidth >= TEXT_FROM && node >= 0) {
      const failed = node > 0 && merged.errors[node]! > 0 ? '✕ ' : '';
      const calls = !isRoot && merged.calls[node]! > 1 ? ` ×${merged.calls[node]!}` : '';
      const name = isRoot ? trace.header.root.name : (info?.name ?? '?');
      context.fillStyle = isRoot ? dim : text;
      context.fillText(fitted(`${failed}${name}${calls}`, Math.floor((boxWidth - 8) / letter)), x + 4, y + boxHeight / 2 + 0.5);
    }
    if (node >= 0 && (node === active || node === hovered || (node > 0 && merged.functionIndex[node] === inFunction))) {
      context.globalAlpha = 1;
      context.strokeStyle = accent;
      context.lineWidth = node === active ? 2 : 1;
      context.strokeRect(x + 1, y + 1, Math.max(boxWidth - 2, 1), boxHeight - 2);
    }
  }
  context.globalAlpha = 1;
}

/** Cut to a number of letters, roughly: measuring each text would cost more than drawing it. */
function fitted(text: string, letters: number): string {
  if (letters < 2) return '';
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

let probe: HTMLElement | undefined;

/** A colour of the theme as canvas understands it: `light-dark()` is resolved by the element's own style only. */
function resolved(near: HTMLElement, color: string): string {
  probe ??= document.createElement('span');
  near.parentElement?.append(probe);
  probe.style.color = color;
  const result = getComputedStyle(probe).color;
  probe.remove();
  return result;
}
