/** The command line of `captureflow diff`: two traces, or two sets of them, by function. */
import {
  type ComparedFunction,
  compareFunctions,
  count,
  formatDuration,
  formatError,
  formatValue,
  printable,
  type Span,
} from '@captureflow/trace';
import type { Command } from 'commander';
import { InputError } from '../input-error.ts';
import type { Surroundings } from '../main.ts';
import { formatColumns } from '../traces/format-columns.ts';
import { addSelectOptions, openTraces, positive, selectEntries, type SelectFlags } from '../traces/select-traces.ts';
import { sideOf, type TracesSide } from '../traces/traces-side.ts';
import { endHelp } from './help-end.ts';

interface Flags extends SelectFlags {
  readonly ratio: number;
  readonly leastMs: number;
  readonly limit: number;
  readonly exitCode?: true;
  readonly json?: true;
}

/** The first calls that ended otherwise, by their places. */
interface Examples {
  readonly before: ReadonlyMap<number, Span>;
  readonly after: ReadonlyMap<number, Span>;
}

export function addDiffCommand(program: Command, surroundings: Surroundings, exit: (code: number) => void): void {
  const command = program
    .command('diff')
    .summary('what changed between two recordings: new, gone, slower, other results')
    .description(
      'Compares two traces or two sets of traces. Functions are the same by file and name, wherever in the file they stand. "results": calls with the same arguments that ended otherwise; "arguments": calls that got others.',
    )
    .argument('<before>', 'file or folder')
    .argument('<after>', 'file or folder');
  addSelectOptions(command)
    .option('--ratio <times>', 'a function is slower when a call takes so many times as long', Number, 1.5)
    .option('--least-ms <ms>', 'and all its calls together take so much longer', Number, 1)
    .option('--limit <number>', 'functions to print', positive, 30)
    .option('--exit-code', 'exit with 1 when something changed')
    .option('--json', 'print the changes as JSON')
    .action((before: string, after: string, flags: Flags) => exit(run(before, after, flags, surroundings)));
  endHelp(command, {
    examples: ['diff before/ after/', 'diff main.cft branch.cft --exit-code', 'diff before/ after/ --ratio 2 --json'],
    exitCodes: '0 done, 1 changes (with --exit-code) or nothing to read, 2 wrong use',
  });
}

function run(before: string, after: string, flags: Flags, surroundings: Surroundings): number {
  const { print } = surroundings;
  if (!(flags.ratio > 1)) throw new InputError('--ratio must be a number over 1', 2);
  if (!(flags.leastMs >= 0)) throw new InputError('--least-ms must be a number of milliseconds', 2);
  const old = sideOf(selectEntries(openTraces([before], surroundings).traces, flags));
  const now = sideOf(selectEntries(openTraces([after], surroundings).traces, flags));
  const compared = compareFunctions(old, now, undefined, { ratio: flags.ratio, leastMs: flags.leastMs });
  const changed = compared.filter(({ changes }) => changes.length > 0);
  if (flags.json === true) {
    const examples = examplesOf(changed, old, now);
    const functions = changed.map(({ firstBefore, firstAfter, function: { name, module, line }, ...rest }) => ({
      ...rest,
      name,
      module,
      line,
      ...(firstBefore < 0
        ? {}
        : { example: { before: outcomeText(examples.before.get(firstBefore)), after: outcomeText(examples.after.get(firstAfter)) } }),
    }));
    print(`${JSON.stringify({ v: 1, traces: [old.traces, now.traces], compared: compared.length, functions }, null, 2)}\n`);
  } else {
    const shown = changed.slice(0, flags.limit);
    print(format(shown, examplesOf(shown, old, now)));
    const more = changed.length - flags.limit;
    if (more > 0) print(`--limit ${changed.length} shows ${count(more)} more\n`);
    print(
      `${count(changed.length)} of ${count(compared.length)} functions changed; ${count(old.traces)} ${old.traces === 1 ? 'trace' : 'traces'} before, ${count(now.traces)} after\n`,
    );
  }
  return flags.exitCode === true && changed.length > 0 ? 1 : 0;
}

function examplesOf(changed: readonly ComparedFunction[], old: TracesSide, now: TracesSide): Examples {
  const shown = changed.filter(({ firstBefore }) => firstBefore >= 0);
  return {
    before: old.spansAt(shown.map(({ firstBefore }) => firstBefore)),
    after: now.spansAt(shown.map(({ firstAfter }) => firstAfter)),
  };
}

function format(changed: readonly ComparedFunction[], examples: Examples): string {
  if (changed.length === 0) return '';
  const head = ['change', 'function', 'calls', '', 'a call', '', 'errors', '', 'at'];
  const rows = changed.map(({ changes, function: fn, before, after }) => [
    changes.join(', '),
    printable(fn.name, 50),
    before === undefined ? '-' : count(before.calls),
    after === undefined ? '→ -' : `→ ${count(after.calls)}`,
    before === undefined ? '-' : formatDuration(before.total / before.calls),
    after === undefined ? '→ -' : `→ ${formatDuration(after.total / after.calls)}`,
    before === undefined ? '-' : count(before.errors),
    after === undefined ? '→ -' : `→ ${count(after.errors)}`,
    fn.module === '' ? '' : printable(`${fn.module}:${fn.line}`, 80),
  ]);
  const lines = formatColumns([head, ...rows], ['left', 'left', 'right', 'left', 'right', 'left', 'right', 'left', 'left']).split('\n');
  // Below its line, the first call of a function that ended otherwise.
  return changed
    .reduce<string[]>(
      (text, { firstBefore, firstAfter }, i) => {
        text.push(lines[i + 1] ?? '');
        const was = examples.before.get(firstBefore);
        const is = examples.after.get(firstAfter);
        if (was !== undefined && is !== undefined) text.push(`    ${callText(was)} was ${outcomeText(was)}, is ${outcomeText(is)}`);
        return text;
      },
      [lines[0] ?? ''],
    )
    .concat('')
    .join('\n');
}

function callText({ function: fn, args }: Span): string {
  return `${printable(fn.name, 50)}(${args.map(({ value }) => formatValue(value, { width: 40 })).join(', ')})`;
}

function outcomeText(span: Span | undefined): string {
  const outcome = span?.outcome;
  if (outcome?.kind === 'returned') return outcome.value === undefined ? 'a return' : formatValue(outcome.value, { width: 60 });
  if (outcome?.kind === 'threw') return outcome.error === undefined ? 'an error' : `✗ ${formatError(outcome.error, 60)}`;
  return outcome?.kind ?? 'unknown';
}
