/** Names of functions as the chart writes them, whole and cut, each measured once. */
import type { Canvas2D } from './canvas-2d.ts';

interface Cut {
  readonly text: string;
  readonly width: number;
}

export class LabelCache {
  readonly font: string;
  private readonly labels: readonly string[];
  private readonly widths: (number | undefined)[] = [];
  private readonly cuts: (Cut | undefined)[][] = [];

  /** `labels`: by index of the function, fit to be shown. */
  constructor(labels: readonly string[], font: string) {
    this.labels = labels;
    this.font = font;
  }

  /** `context` has this cache's font. */
  widthOf(context: Canvas2D, index: number): number {
    return (this.widths[index] ??= context.measureText(this.labels[index] as string).width);
  }

  /** As much of the name as fits into `room` pixels; '' when that would be nothing but the mark of the cut. */
  fit(context: Canvas2D, index: number, room: number): string {
    const label = this.labels[index] as string;
    const width = this.widthOf(context, index);
    if (width <= room) return label;
    // A guess by the mean width of the characters, then measured: names begin with their widest ones more often than not.
    for (let kept = Math.min(label.length - 1, Math.ceil((room / width) * label.length)); kept > 1; kept--) {
      const cut = this.cutOf(context, index, kept);
      if (cut.width <= room) return cut.text;
    }
    return '';
  }

  private cutOf(context: Canvas2D, index: number, kept: number): Cut {
    const cuts = (this.cuts[index] ??= []);
    let cut = cuts[kept];
    if (cut === undefined) {
      const text = `${(this.labels[index] as string).slice(0, kept)}…`;
      cut = { text, width: context.measureText(text).width };
      cuts[kept] = cut;
    }
    return cut;
  }
}
