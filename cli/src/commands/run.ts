/** The command line of `captureflow run`: a program is recorded, and what was seen is summed up at its end. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { count, formatDuration, printable, summarize } from '@captureflow/trace';
import { type Command, Option } from 'commander';
import type { Surroundings } from '../main.ts';
import { readTraces, TRACE_FOLDER } from '../read-traces.ts';
import { runProgram } from '../run/run-program.ts';
import { counted } from '../traces/counted.ts';
import { describeProblems } from '../traces/describe-problems.ts';
import { formatColumns } from '../traces/format-columns.ts';
import { endHelp } from './help-end.ts';

interface Flags {
  readonly level?: string;
  readonly open?: true;
}

/** Traces that the summary names. */
const MOST_NAMED = 10;

/** `again`: runs another command of ours. */
export function addRunCommand(
  program: Command,
  surroundings: Surroundings,
  exit: (code: number) => void,
  again: (command: readonly string[]) => Promise<number>,
): void {
  const command = program
    .command('run')
    .summary('run a program and record it')
    .description(
      `Runs a command whose Node processes instrument what they load, without a build. Traces go to ${TRACE_FOLDER} in the working directory; at the end what was recorded is summed up on standard error. The program keeps its terminal, its signals and its exit code.`,
    )
    .argument('<command...>', 'what to run, after "--": -- node app.js')
    .addOption(new Option('--level <level>', 'how much to record').choices(['calls', 'values', 'locals', 'lines']))
    .option('--open', 'show the traces in the page afterwards')
    .action(async (words: readonly string[], flags: Flags) => {
      const before = sizesIn(surroundings.cwd);
      const code = await runProgram(words, surroundings.cwd, flags.level);
      const written = [...sizesIn(surroundings.cwd)].flatMap(([file, size]) => (before.get(file) === size ? [] : [file]));
      summarizeRun(written, surroundings);
      if (flags.open === true && written.length > 0) await again(['view', ...written]);
      exit(code);
    });
  endHelp(command, {
    examples: ['run -- node app.js', 'run --level lines --open -- node src/main.ts', 'run -- npm test'],
    exitCodes: "the program's own, or 128 and the number of the signal that ended it; 1 it could not be started, 2 wrong use",
  });
}

/** On standard error: the other one is the program's. */
function summarizeRun(written: readonly string[], { cwd, printError }: Surroundings): void {
  if (written.length === 0) {
    printError(
      'captureflow: nothing was recorded: no instrumented function ran, or the program sends its traces elsewhere ("captureflow doctor" looks)\n',
    );
    return;
  }
  const { traces, problems } = readTraces(written, { cwd });
  for (const line of describeProblems(problems)) printError(`captureflow: ${line}\n`);
  // The newest say most; all of a load test would have to be decoded.
  const rows = traces.slice(-MOST_NAMED).map((entry) => {
    const { name, duration, spans, errors, dropped } = summarize(entry.load());
    const notes = [errors > 0 ? `${count(errors)} threw` : '', dropped > 0 ? `${count(dropped)} not recorded` : ''].filter(
      (note) => note !== '',
    );
    return [printable(name, 60), duration === undefined ? 'not ended' : formatDuration(duration), counted(spans, 'call'), notes.join(', ')];
  });
  const older = traces.length - rows.length;
  printError(`\ncaptureflow: ${counted(traces.length, 'trace')} in ${TRACE_FOLDER}${older > 0 ? `, the newest ${rows.length}:` : ':'}\n`);
  printError(formatColumns(rows, ['left', 'right', 'right', 'left']).replace(/^(?=.)/gm, '  '));
  printError('see them with: captureflow view, captureflow tree, captureflow top\n');
}

function sizesIn(cwd: string): Map<string, number> {
  const sizes = new Map<string, number>();
  try {
    for (const name of readdirSync(join(cwd, TRACE_FOLDER))) {
      if (name.endsWith('.cft')) sizes.set(join(TRACE_FOLDER, name), statSync(join(cwd, TRACE_FOLDER, name)).size);
    }
  } catch {
    // Nothing was recorded here yet.
  }
  return sizes;
}
