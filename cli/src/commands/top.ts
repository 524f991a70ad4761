/** The command line of `captureflow top`: what functions cost, summed over traces. */
import {
  count,
  type FunctionInfo,
  formatDuration,
  functionTotals,
  joinColumns,
  mergeCalls,
  printable,
  type Trace,
} from '@captureflow/trace';
import { type Command, Option } from 'commander';
import type { Surroundings } from '../main.ts';
import { counted } from '../traces/counted.ts';
import { formatColumns } from '../traces/format-columns.ts';
import { addSelectOptions, openTraces, positive, type SelectFlags, selectTraces } from '../traces/select-traces.ts';
import { endHelp } from './help-end.ts';

type Order = (typeof ORDERS)[number];

interface Flags extends SelectFlags {
  readonly by: Order;
  readonly limit: number;
  readonly json?: true;
}

/** Times in ms. */
interface Row {
  readonly function: string;
  readonly at: string;
  readonly calls: number;
  readonly errors: number;
  readonly self: number;
  readonly total: number;
  readonly waiting: number;
  /** Calls that were counted, not recorded; `calls` does not hold them. */
  readonly elided: number;
}

const ORDERS = ['self', 'total', 'waiting', 'calls', 'errors', 'elided'] as const;

export function addTopCommand(program: Command, surroundings: Surroundings): void {
  const command = program
    .command('top')
    .summary('functions by calls, time, errors and detail that was left out')
    .description(
      'Sums the calls of each function over all traces. self: time in the function itself, neither in a recorded call nor waiting. total: with what it called, a recursion once. waiting: suspended while none of its calls ran. elided: calls that were counted only, which are not among the calls.',
    )
    .argument('[paths...]', 'files and folders with traces (default: .captureflow)');
  addSelectOptions(command)
    .addOption(new Option('--by <column>', 'what to sort by').choices(ORDERS).default('self'))
    .option('--limit <number>', 'functions to print', positive, 20)
    .option('--json', 'print all functions as JSON')
    .action((paths: readonly string[], flags: Flags) => run(paths, flags, surroundings));
  endHelp(command, {
    examples: ['top', 'top --by total --limit 50', 'top traces/ --json'],
    exitCodes: '0 done, 1 nothing could be read or was asked for, 2 wrong use',
  });
}

function run(paths: readonly string[], flags: Flags, surroundings: Surroundings): void {
  const { print } = surroundings;
  const { traces } = openTraces(paths, surroundings);
  let seen = 0;
  let spans = 0;
  const elided = new Map<string, { readonly function: FunctionInfo; count: number }>();
  const noting = function* (selected: Iterable<Trace>): Generator<Trace> {
    for (const trace of selected) {
      seen++;
      spans += trace.spans.length;
      for (const holder of [trace, ...trace.spans]) {
        for (const { function: fn, count: calls } of holder.elided) {
          const known = elided.get(fn.key);
          if (known === undefined) elided.set(fn.key, { function: fn, count: calls });
          else known.count += calls;
        }
      }
      yield trace;
    }
  };
  const rows = rowsOf(noting(selectTraces(traces, flags)), elided);
  rows.sort((a, b) => b[flags.by] - a[flags.by] || b.self - a.self || (a.function < b.function ? -1 : 1));
  if (flags.json === true) {
    print(`${JSON.stringify({ v: 1, traces: seen, spans, functions: rows }, null, 2)}\n`);
    return;
  }
  const shown = rows.slice(0, flags.limit);
  const head = ['function', 'calls', 'errors', 'self', 'total', 'waiting', 'elided', 'at'];
  const cells = shown.map((row) => [
    printable(row.function, 60),
    count(row.calls),
    row.errors === 0 ? '' : count(row.errors),
    formatDuration(row.self),
    formatDuration(row.total),
    row.waiting === 0 ? '' : formatDuration(row.waiting),
    row.elided === 0 ? '' : count(row.elided),
    printable(row.at, 80),
  ]);
  print(formatColumns([head, ...cells], ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left']));
  const more = rows.length - shown.length;
  print(
    `${counted(rows.length, 'function')}, ${counted(spans, 'call')} in ${counted(seen, 'trace')}${more > 0 ? `; --limit ${rows.length} shows the other ${count(more)}` : ''}\n`,
  );
}

function rowsOf(traces: Iterable<Trace>, elided: ReadonlyMap<string, { readonly function: FunctionInfo; count: number }>): Row[] {
  const { columns, suspensions, functions } = joinColumns(traces);
  const totals = functionTotals(mergeCalls(columns, suspensions), functions.length);
  const called = new Set<string>();
  const rows = functions.flatMap((fn, i): Row[] => {
    const calls = totals.calls[i] as number;
    if (calls === 0) return [];
    called.add(fn.key);
    return [
      {
        function: fn.name,
        at: placeOf(fn),
        calls,
        errors: totals.errors[i] as number,
        self: totals.self[i] as number,
        total: totals.total[i] as number,
        waiting: totals.waiting[i] as number,
        elided: elided.get(fn.key)?.count ?? 0,
      },
    ];
  });
  for (const [key, { function: fn, count: calls }] of elided) {
    if (!called.has(key))
      rows.push({ function: fn.name, at: placeOf(fn), calls: 0, errors: 0, self: 0, total: 0, waiting: 0, elided: calls });
  }
  return rows;
}

function placeOf({ module, line }: FunctionInfo): string {
  return module === '' ? '' : `${module}:${line}`;
}
