/** Who calls whom, as a drawing for Graphviz and for Mermaid. A large graph is made small enough to be read; what is left out is counted in it. */
import { callGraph } from '../call-graph.ts';
import { compressCallGraph } from '../compress-call-graph.ts';
import type { CompressedGraph, GraphGroup } from '../compress-call-graph.ts';
import { formatDuration } from '../format-duration.ts';
import { count } from '../format-value.ts';
import { joinColumns } from '../join-columns.ts';
import { functionTotals, mergeCalls } from '../merge-calls.ts';
import type { FunctionInfo, Trace } from '../model.ts';
import { printable } from '../printable.ts';
import type { ExportOptions } from './export-format.ts';

const DEFAULT_FUNCTIONS = 60;
/** Of a group, named in its box. */
const MOST_NAMES = 4;

interface Drawing extends CompressedGraph {
  /** Lines of each group's box, in the order of the groups. */
  readonly labels: readonly (readonly string[])[];
}

export function* writeGraphviz(traces: Iterable<Trace>, options: ExportOptions = {}): Generator<string> {
  const { groups, links, labels } = drawingOf(traces, options);
  yield 'digraph calls {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n  edge [fontsize=10];\n';
  for (const [i, group] of groups.entries()) {
    const shape = group.kind === 'root' ? ', shape=ellipse' : group.errors > 0 ? ', color=red' : '';
    yield `  n${i} [label="${(labels[i] as readonly string[]).map(escapeDot).join('\\n')}"${shape}];\n`;
  }
  for (const { from, to, calls, errors } of links) yield `  n${from} -> n${to} [label="${linkLabel(calls, errors)}"];\n`;
  yield '}\n';
}

export function* writeMermaid(traces: Iterable<Trace>, options: ExportOptions = {}): Generator<string> {
  const { groups, links, labels } = drawingOf(traces, options);
  yield 'flowchart LR\n';
  for (const [i, group] of groups.entries()) {
    const text = (labels[i] as readonly string[]).map(escapeMermaid).join('<br/>');
    yield group.kind === 'root' ? `  n${i}(["${text}"])\n` : `  n${i}["${text}"]\n`;
  }
  for (const { from, to, calls, errors } of links) yield `  n${from} -->|"${linkLabel(calls, errors)}"| n${to}\n`;
  const failed = groups.flatMap(({ kind, errors }, i) => (kind !== 'root' && errors > 0 ? [`n${i}`] : []));
  if (failed.length > 0) yield `  classDef failed stroke:#c00,stroke-width:2px\n  class ${failed.join(',')} failed\n`;
}

function drawingOf(traces: Iterable<Trace>, { maxFunctions = DEFAULT_FUNCTIONS }: ExportOptions): Drawing {
  const names = new Set<string>();
  const { columns, suspensions, functions } = joinColumns(noting(traces, names));
  const merged = mergeCalls(columns, suspensions);
  const graph = compressCallGraph(callGraph(merged), functionTotals(merged, functions.length), { limit: maxFunctions });
  const [first, ...others] = names;
  const root = others.length === 0 ? (first ?? 'no trace') : `${count(names.size)} roots`;
  return { ...graph, labels: graph.groups.map((group) => labelOf(group, functions, root)) };
}

function* noting(traces: Iterable<Trace>, names: Set<string>): Generator<Trace> {
  for (const trace of traces) {
    names.add(trace.root.name);
    yield trace;
  }
}

function labelOf({ kind, functions: members, calls, self }: GraphGroup, functions: readonly FunctionInfo[], root: string): string[] {
  if (kind === 'root') return [printable(root, 80)];
  const sums = `${count(calls)} ${calls === 1 ? 'call' : 'calls'}, ${formatDuration(self)} self`;
  if (kind === 'rest') return [`${count(members.length)} other ${members.length === 1 ? 'function' : 'functions'}`, sums];
  const names = members.slice(0, MOST_NAMES).map((index) => printable(functions[index]?.name ?? '?', 80));
  if (members.length > MOST_NAMES) names.push(`and ${count(members.length - MOST_NAMES)} more`);
  const [only] = members;
  const place = members.length === 1 && only !== undefined ? functions[only] : undefined;
  const joined = kind === 'chain' ? [names.join(' → ')] : kind === 'cycle' ? [`call each other: ${names.join(', ')}`] : names;
  return [...joined, ...(place === undefined || place.module === '' ? [] : [`${printable(place.module, 120)}:${place.line}`]), sums];
}

function linkLabel(calls: number, errors: number): string {
  return errors > 0 ? `${count(calls)}, ${count(errors)} threw` : count(calls);
}

function escapeDot(text: string): string {
  return text.replace(/[\\"]/g, '\\$&');
}

/** Mermaid's own entities: a quote would end the text, and what looks like markup would be some. */
function escapeMermaid(text: string): string {
  return text.replace(/[#&"<>`\\]/g, (char) => `#${char.charCodeAt(0)};`);
}
