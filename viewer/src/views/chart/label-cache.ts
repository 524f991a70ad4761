/** Names of functions as the chart writes them, whole and cut, each measured once. */
import { printable } from '@captureflow/trace';
import type { FunctionInfo } from '@captureflow/trace';

/** No label is wider than a screen. */
const LONGEST = 120;

interface Cut {
  readonly text: string;
  readonly width: number;
}

export class LabelCache {
  readonly font: string;
  private readonly functions: readonly FunctionInfo[];
  private readonly labels: (string | undefined)[] = [];
  private readonly widths: number[] = [];
  private readonly cuts: (Cut | undefined)[][] = [];

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
    // A guess by the mean width of the characters, then measured: names begin with their widest ones more often than not.
    for (let kept = Math.min(label.length - 1, Math.ceil((room / width) * label.length)); kept > 1; kept--) {
      const cut = this.cutOf(context, index, kept);
      if (cut.width <= room) return cut.text;
    }
    return '';
  }

  private cutOf(context: CanvasRenderingContext2D, index: number, kept: number): Cut {
    const cuts = (this.cuts[index] ??= []);
    let cut = cuts[kept];
    if (cut === undefined) {
      const text = `${(this.labels[index] as string).slice(0, kept)}…`;
      cut = { text, width: context.measureText(text).width };
      cuts[kept] = cut;
    }
    return cut;
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
