/** Places of boxes and lines of a call graph, by dagre: callers above what they call. Knows nothing of colours or of the page. */
import { graphlib, layout } from '@dagrejs/dagre';
import { formatDuration, type CompressedGraph, type FunctionInfo, type GraphGroup } from '@captureflow/trace';
import { showCount } from '../../shell/show-numbers.ts';

export interface PlacedGroup {
  readonly index: number;
  readonly group: GraphGroup;
  readonly title: string;
  /** Second line of the box. */
  readonly about: string;
  /** Of the centre, px. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedLink {
  readonly from: number;
  readonly to: number;
  readonly calls: number;
  readonly errors: number;
  readonly total: number;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface PlacedGraph {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly PlacedGroup[];
  readonly links: readonly PlacedLink[];
}

/** px; texts of ordinary letters fit. */
const LETTER = 7.8;
const SMALL_LETTER = 6.4;
const HEIGHT = 40;
const LONGEST_TITLE = 34;

export function placeGraph({ groups, links }: CompressedGraph, functions: readonly FunctionInfo[], rootName: string): PlacedGraph {
  const graph = new graphlib.Graph({ directed: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 46, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  const titles = groups.map((group) => titleOf(group, functions, rootName));
  const abouts = groups.map(aboutOf);
  groups.forEach((_, index) => {
    graph.setNode(String(index), {
      width: Math.max(titles[index]!.length * LETTER, abouts[index]!.length * SMALL_LETTER) + 24,
      height: HEIGHT,
    });
  });
  // A link to itself is a sign on the box, not a line.
  const lines = links.filter(({ from, to }) => from !== to);
  for (const { from, to, total } of lines) graph.setEdge(String(from), String(to), { weight: total > 0 ? 2 : 1 });
  layout(graph);
  const size = graph.graph() as { width?: number; height?: number };
  return {
    width: finite(size.width, 100),
    height: finite(size.height, 100),
    groups: groups.map((group, index) => {
      const { x, y, width, height } = graph.node(String(index)) as { x: number; y: number; width: number; height: number };
      return { index, group, title: titles[index]!, about: abouts[index]!, x, y, width, height };
    }),
    links: lines.map((link) => ({
      ...link,
      points: (graph.edge(String(link.from), String(link.to)) as { points?: { x: number; y: number }[] }).points ?? [],
    })),
  };
}

export function titleOf({ kind, functions: members }: GraphGroup, functions: readonly FunctionInfo[], rootName: string): string {
  const name = (index: number | undefined): string => (index === undefined ? '' : (functions[index]?.name ?? '?'));
  if (kind === 'root') return cut(rootName, LONGEST_TITLE);
  if (kind === 'rest') return `${members.length} more functions`;
  if (kind === 'cycle') return `⟲ ${cut(name(members[0]), LONGEST_TITLE - 8)} +${members.length - 1}`;
  if (kind === 'chain') {
    const half = LONGEST_TITLE / 2 - 4;
    const between = members.length > 2 ? `→ ${members.length - 2} →` : '→';
    return `${cut(name(members[0]), half)} ${between} ${cut(name(members.at(-1)), half)}`;
  }
  return cut(name(members[0]), LONGEST_TITLE);
}

function aboutOf({ kind, self, calls }: GraphGroup): string {
  return kind === 'root' ? 'the root' : `${formatDuration(self)} self · ${showCount(calls)}×`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.floor(length) - 1)}…`;
}

function finite(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isFinite(value) ? value : otherwise;
}
