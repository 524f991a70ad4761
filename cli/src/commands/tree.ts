/** The command line of `captureflow tree`: traces as text. */
import { formatTree } from '@captureflow/trace';
import type { Command } from 'commander';
import type { Surroundings } from '../main.ts';
import { addSelectOptions, openTraces, positive, type SelectFlags, selectTraces } from '../traces/select-traces.ts';
import { endHelp } from './help-end.ts';

interface Flags extends SelectFlags {
  readonly values: boolean;
  readonly locals: boolean;
  readonly maxSpans: number;
  readonly fold: number;
  readonly width?: number;
}

/** A folder may hold thousands. */
const DEFAULT_LAST = 10;

export function addTreeCommand(program: Command, surroundings: Surroundings): void {
  const command = program
    .command('tree')
    .summary('traces as text: who called whom, with what, and what came back')
    .description(
      `Prints traces as trees, the newest ${DEFAULT_LAST} of them unless others are asked for. As data: captureflow export --to json.`,
    )
    .argument('[paths...]', 'files and folders with traces (default: .captureflow)');
  addSelectOptions(command)
    .option('--no-values', 'leave out arguments and results')
    .option('--no-locals', 'leave out the variables of functions that threw')
    .option('--max-spans <number>', 'calls of a trace to print before the rest is only counted', positive, 1000)
    .option('--fold <number>', 'calls of one function in a row to print before the rest of them becomes one line', positive, 3)
    .option('--width <columns>', 'width of a line (default: the terminal, or 100)', positive)
    .action((paths: readonly string[], flags: Flags) => run(paths, flags, surroundings));
  endHelp(command, {
    examples: ['tree', 'tree --errors --last 3', 'tree trace.json --name "GET /orders" --no-values'],
    exitCodes: '0 done, 1 nothing could be read or was asked for, 2 wrong use',
  });
}

function run(paths: readonly string[], flags: Flags, surroundings: Surroundings): void {
  const { print, printError, color = false, columns } = surroundings;
  const { traces } = openTraces(paths, surroundings);
  const { values, locals, maxSpans, fold } = flags;
  const width = flags.width ?? columns ?? 100;
  const last = flags.last ?? DEFAULT_LAST;
  let shown = 0;
  for (const trace of selectTraces(traces, { ...flags, last })) {
    print(`${shown++ === 0 ? '' : '\n'}${formatTree(trace, { color, width, values, locals, maxSpans, fold })}`);
  }
  if (flags.last === undefined && flags.trace === undefined && flags.name === undefined && flags.errors !== true && traces.length > shown) {
    printError(`captureflow: the newest ${shown} of ${traces.length} traces; --last ${traces.length} shows all\n`);
  }
}
