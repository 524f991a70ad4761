/** The views of an open trace, in the order of their tabs. */
import type { ComponentType } from 'preact';
import type { ViewName } from '../state/state.ts';
import { ChartView } from './chart/chart-view.tsx';

export interface ViewEntry {
  readonly name: ViewName;
  readonly title: string;
  /** Without props: a view reads the signals. */
  readonly component: ComponentType;
  /** Fills the width: no details pane beside it. */
  readonly alone?: boolean;
}

/** The tab's number, from 1, is its key. */
export const VIEWS: readonly ViewEntry[] = [{ name: 'chart', title: 'Flame chart', component: ChartView }];
