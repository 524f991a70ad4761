/** The views of an open trace, in the order of their tabs. */
import type { ComponentType } from 'preact';
import type { ViewName } from '../state/state.ts';
import { ChartView } from './chart/chart-view.tsx';
import { DiffView } from './diff/diff-view.tsx';
import { GraphView } from './graph/graph-view.tsx';
import { MergedView } from './merged/merged-view.tsx';
import { SandwichView } from './sandwich/sandwich-view.tsx';
import { SourceView } from './source/source-view.tsx';
import { TreeView } from './tree/tree-view.tsx';

export interface ViewEntry {
  readonly name: ViewName;
  readonly title: string;
  /** Without props: a view reads the signals. */
  readonly component: ComponentType;
  /** Fills the width: no details pane beside it. */
  readonly alone?: boolean;
}

/** The tab's number, from 1, is its key. */
export const VIEWS: readonly ViewEntry[] = [
  { name: 'chart', title: 'Flame chart', component: ChartView },
  { name: 'tree', title: 'Call tree', component: TreeView },
  { name: 'source', title: 'Source', component: SourceView },
  { name: 'merged', title: 'Merged', component: MergedView, alone: true },
  { name: 'sandwich', title: 'Functions', component: SandwichView, alone: true },
  { name: 'graph', title: 'Call graph', component: GraphView, alone: true },
  { name: 'diff', title: 'Compare', component: DiffView, alone: true },
];
