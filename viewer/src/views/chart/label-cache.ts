/** Names of functions as the chart writes them, with their widths measured once. */
import { printable } from '@captureflow/trace';
import type { FunctionInfo } from '@captureflow/trace';

/** No label is wider than a screen. */
const LONGEST = 120;

export class LabelCache {
  readonly font: string;
  private readonly functions: readonly FunctionInfo[];
  private readonly labels: (string | undefined)[] = [];
  private readonly widths: number[] = [];

  constructor(functions: readonly FunctionInfo[], font: string) {
    this.functions = functions;
    this.font = font;
  }

  /** `context` has this cache's font. */
  widthOf(context: CanvasRenderingContext2D, index: number): number {
    this.labelOf(context, index);
    return this.widths[index] as number;
  }

  /** As much of the name as fits into `room` pixels; '' when that would be nothing but the mark of the cut. */
  fit(context: CanvasRenderingContext2D, index: number, room: number): string {
    const label = this.labelOf(context, index);
    const width = this.widths[index] as number;
    if (width <= room) return label;
    // By the mean width of its characters, a little less to be safe: measuring every cut costs more than drawing it.
    const fits = Math.floor((room / width) * label.length * 0.95) - 1;
    return fits < 2 ? '' : `${label.slice(0, fits)}…`;
  }

  private labelOf(context: CanvasRenderingContext2D, index: number): string {
    let label = this.labels[index];
    if (label === undefined) {
      label = printable((this.functions[index] as FunctionInfo).name, LONGEST);
      this.labels[index] = label;
      this.widths[index] = context.measureText(label).width;
    }
    return label;
  }
}
