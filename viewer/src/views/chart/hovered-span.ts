/** What the mouse is over, for the chart's outline and its tooltip. */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';

export interface Hovered {
  readonly span: number;
  /** CSS pixels in the window. */
  readonly x: number;
  readonly y: number;
}

export const hoveredSpan: Signal<Hovered | undefined> = signal(undefined);
