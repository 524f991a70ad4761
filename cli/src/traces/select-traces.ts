/** Which traces a command works on, and what is said while they are read: the same for every command that reads traces. */
import type { Trace } from '@captureflow/trace';
import { type Command, InvalidArgumentError } from 'commander';
import { InputError } from '../input-error.ts';
import type { Surroundings } from '../main.ts';
import { type ReadTraces, readTraces, TRACE_FOLDER, type TraceEntry } from '../read-traces.ts';
import { describeProblems } from './describe-problems.ts';
import { hasError } from './has-error.ts';

export interface SelectFlags {
  readonly trace?: string;
  readonly name?: string;
  readonly errors?: true;
  readonly last?: number;
}

export function addSelectOptions(command: Command): Command {
  return command
    .option('--trace <id>', 'only traces whose id begins so')
    .option('--name <text>', 'only traces whose root has this in its name')
    .option('--errors', 'only traces in which something threw')
    .option('--last <number>', 'only the newest so many', positive);
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Say a whole number from 1 on.');
  return value;
}

/** Reads what is there and prints its problems. @throws {InputError} when there is no trace at all */
export function openTraces(paths: readonly string[], { cwd, printError, isTerminal }: Surroundings): ReadTraces {
  const progress = isTerminal === true ? createProgress(printError) : undefined;
  const found = readTraces(paths, { cwd, ...(progress === undefined ? {} : { onProgress: progress.show }) });
  progress?.end();
  const [first] = found.problems;
  const where = paths.length === 0 ? TRACE_FOLDER : paths.join(', ');
  // Of a folder that nobody named: nothing is wrong, nothing was recorded yet.
  const isNew = paths.length === 0 && found.files === 0 && first?.file === TRACE_FOLDER;
  if (!isNew) for (const line of describeProblems(found.problems)) printError(`captureflow: ${line}\n`);
  if (found.traces.length > 0) return found;
  if (found.problems.length > 0 && !isNew) throw new InputError('no trace could be read', 1);
  throw new InputError(`${where} holds no traces: record some with "captureflow run -- node app.js", or name a file or folder`, 1);
}

/** Those that the flags let pass, one at a time, in the order of their start. @throws {InputError} when there is none */
export function* selectTraces(entries: readonly TraceEntry[], flags: SelectFlags): Generator<Trace> {
  for (const entry of selectEntries(entries, flags)) yield entry.load();
}

/** The same, not loaded yet. @throws {InputError} when there is none */
export function selectEntries(entries: readonly TraceEntry[], { trace: id, name, errors, last }: SelectFlags): readonly TraceEntry[] {
  const wanted = entries.filter(
    (entry) =>
      (id === undefined || entry.traceId.startsWith(id.toLowerCase())) &&
      (name === undefined || entry.name.toLowerCase().includes(name.toLowerCase())),
  );
  const failed = errors === true ? wanted.filter((entry) => hasError(entry.load())) : wanted;
  const chosen = last === undefined ? failed : failed.slice(-last);
  if (chosen.length === 0) throw new InputError(`none of the ${entries.length} traces is what was asked for`, 1);
  return chosen;
}

/** On one line of a terminal, and only when it takes so long that somebody would wonder. */
function createProgress(printError: Surroundings['printError']): { show(read: number, all: number): void; end(): void } {
  let shown = performance.now();
  let isShown = false;
  return {
    show: (read, all) => {
      const now = performance.now();
      if (now - shown < 500) return;
      shown = now;
      isShown = true;
      printError(`\rreading ${Math.floor((read / all) * 100)} % of ${Math.ceil(all / 2 ** 20)} MiB `);
    },
    end: () => {
      if (isShown) printError('\r\u001b[K');
    },
  };
}
