/** The command line of `captureflow bench`: what is measured, what is printed and written, and what the exit code says. */
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { BenchProgram, Budget, Variant } from '../bench-run/bench-program.ts';
import { formatProgram } from '../bench-run/format-program.ts';
import { measureVariants, type ProgramFigures } from '../bench-run/measure-variants.ts';
import { BENCH_CONFIG, checkBudget, isRatio, readBenchConfig } from '../bench-run/read-bench-config.ts';
import { runOnce, type Sample } from '../bench-run/run-once.ts';
import { splitCommand } from '../bench-run/split-command.ts';
import { listTraceFiles, removeTraceFiles } from '../bench-run/trace-files.ts';
import { InputError } from '../input-error.ts';
import type { Surroundings } from '../main.ts';
import { describeMachine, formatMachine } from '../measure/describe-machine.ts';
import { formatTable } from '../measure/format-table.ts';
import { endHelp } from './help-end.ts';

interface Flags {
  readonly plain?: string;
  readonly register?: true;
  readonly budget?: readonly string[];
  readonly config?: string;
  readonly only?: readonly string[];
  readonly rounds: number;
  readonly timeout: number;
  readonly strict?: true;
  readonly keepTraces?: true;
  readonly json?: true;
  readonly markdown?: string;
}

/** Below, an interval of the median says nothing. */
const FEWEST_ROUNDS = 3;

export function addBenchCommand(program: Command, surroundings: Surroundings, exit: (code: number) => void): void {
  const bench = program
    .command('bench')
    .summary('what recording costs a program, and whether that is within a budget')
    .description(
      `Runs a command plain and instrumented, interleaved in fresh processes, and compares processor time, time and memory. The command must do its work and end. Without a command: the programs of ${BENCH_CONFIG}.`,
    )
    .argument('[command...]', 'what to run, after "--": -- node app.js')
    .addOption(
      new Option('--plain <command>', 'the same program built without CaptureFlow: "node dist-plain/app.js"').conflicts('register'),
    )
    .option('--register', 'the program is not instrumented: do it on load (@captureflow/hosts/register)')
    .option(
      '--budget <times>',
      'processor time while recording, times plain, at most: 1.25; off=1.05: while recording is off (repeatable)',
      collect,
    )
    .option('--config <file>', `programs and budgets (default: ${BENCH_CONFIG})`)
    .option('--only <name>', 'of the programs of the file, this one (repeatable)', collect)
    .option('--rounds <number>', 'how often each variant runs', Number, 10)
    .option('--timeout <seconds>', 'for one run', Number, 600)
    .option('--strict', 'fail when it is too noisy to tell, too')
    .option('--keep-traces', 'leave the traces of the runs in .captureflow')
    .option('--json', 'print the figures as JSON')
    .option('--markdown <file>', 'write the report, fit for a pull request')
    .action(async (command: readonly string[], flags: Flags) => exit(await run(command, flags, surroundings)));
  endHelp(bench, {
    examples: [
      'bench --register -- node work.js',
      'bench --plain "node dist-plain/work.js" --budget 1.25 -- node dist/work.js',
      'bench --json',
    ],
    exitCodes: '0 within the budgets, 1 not (with --strict also where it is too noisy to tell) or a run failed, 2 wrong use',
  });
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Returns the exit code: 0 unless a budget is broken (or, with `--strict`, cannot be judged). */
async function run(command: readonly string[], flags: Flags, { cwd, print, printError }: Surroundings): Promise<number> {
  checkFlags(flags);
  const programs = command.length > 0 ? [fromCommandLine(command, flags, cwd)] : fromFile(flags, cwd);
  const machine = describeMachine(process.version);
  const results: ProgramFigures[] = [];
  for (const program of programs) {
    const before = listTraceFiles(cwd);
    const pids = new Set<number>();
    const measure = async (variant: Variant): Promise<Sample> => {
      const sample = await runOnce(variant, cwd, flags.timeout * 1000);
      for (const { pid } of sample.processes) pids.add(pid);
      return sample;
    };
    try {
      const figures = await measureVariants(program, flags.rounds, measure, (done, all) => {
        if (done % Math.ceil(all / 4) === 0) printError(`captureflow bench: ${program.name}: ${done} of ${all} runs\n`);
      });
      results.push(figures);
    } finally {
      if (flags.keepTraces !== true) removeTraceFiles(cwd, before, pids);
    }
    if (flags.json !== true) print(`${formatTable(formatProgram(results.at(-1) as ProgramFigures))}\n`);
  }
  const budgets = results.flatMap((result) => result.budgets);
  const measured = { ...machine, node: results[0]?.node ?? machine.node };
  if (flags.json === true) print(`${JSON.stringify({ v: 1, machine: measured, programs: results }, null, 2)}\n`);
  else print(`${formatMachine(measured)}\n`);
  if (flags.markdown !== undefined) {
    const tables = results.map((result) => formatTable(formatProgram(result))).join('\n');
    writeFileSync(resolve(cwd, flags.markdown), `${tables}\n<sub>${formatMachine(measured)}</sub>\n`);
  }
  const refused = budgets.filter(({ verdict }) => verdict === 'broken' || (flags.strict === true && verdict === 'too noisy to tell'));
  for (const { variant, value, atMost, noise, verdict } of refused) {
    printError(
      `captureflow: ${variant === 'on' ? 'recording' : 'recording off'} costs ${value.toFixed(2)} times plain, budget ${atMost} (noise ${noise.toFixed(2)}): ${verdict}\n`,
    );
  }
  return refused.length === 0 ? 0 : 1;
}

function checkFlags({ rounds, timeout }: Flags): void {
  if (!Number.isInteger(rounds) || rounds < FEWEST_ROUNDS)
    throw new InputError(`--rounds must be a whole number from ${FEWEST_ROUNDS} on`, 2);
  if (!(timeout > 0)) throw new InputError('--timeout must be a number of seconds over 0', 2);
}

function fromCommandLine(command: readonly string[], { plain, register, budget = [] }: Flags, cwd: string): BenchProgram {
  const program: BenchProgram = {
    name: relative(cwd, resolve(cwd, command.at(-1) ?? '')),
    command,
    ...(plain === undefined ? {} : { plain: splitCommand(plain) }),
    register: register === true,
    budget: Object.assign({}, ...budget.map(readBudget)) as Budget,
  };
  return checkBudget(program, () => {
    throw new InputError('--budget off=… needs a plain program to compare with: say which with --plain, or --register', 2);
  });
}

function readBudget(text: string): Budget {
  const [, key = 'on', value = ''] = /^(?:(on|off)=)?(.+)$/.exec(text) ?? [];
  if (!isRatio(Number(value))) throw new InputError(`--budget ${text} is neither a number over 0 such as 1.25 nor off=1.05`, 2);
  return { [key]: Number(value) };
}

function fromFile({ config = BENCH_CONFIG, only, plain, register, budget }: Flags, cwd: string): readonly BenchProgram[] {
  const foreign = Object.entries({ plain, register, budget }).find(([, value]) => value !== undefined)?.[0];
  if (foreign !== undefined) throw new InputError(`--${foreign} belongs to a command: captureflow bench --${foreign} … -- node app.js`, 2);
  const programs = readBenchConfig(resolve(cwd, config));
  const missing = only?.find((name) => !programs.some((program) => program.name === name));
  if (missing !== undefined) {
    throw new InputError(`${config} has no program "${missing}"; there are ${programs.map(({ name }) => name).join(', ')}`, 2);
  }
  return programs.filter(({ name }) => only?.includes(name) ?? true);
}
