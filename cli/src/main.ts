/**
 * The command line. Each command is a file in `commands/`; here is what they share: exit codes (0 done, 1 failed, 2 wrong use) and how
 * errors are printed, one sentence without a stack. Must not touch the process, so that tests need none.
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addBenchCommand } from './commands/bench.ts';
import { addCheckCommand } from './commands/check.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addDiffCommand } from './commands/diff.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addExportCommand } from './commands/export.ts';
import { addInstrumentCommand } from './commands/instrument.ts';
import { addRunCommand } from './commands/run.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTopCommand } from './commands/top.ts';
import { addTreeCommand } from './commands/tree.ts';
import { addViewCommand } from './commands/view.ts';
import { InputError } from './input-error.ts';

export interface Surroundings {
  readonly cwd: string;
  print(text: string): void;
  printError(text: string): void;
  /** Somebody sees the output and may be shown a browser. Default: nobody. */
  readonly isTerminal?: boolean;
  /** Colours may be used. Default: none. */
  readonly color?: boolean;
  /** Width of the terminal. Default: unknown. */
  readonly columns?: number;
  /** Settles when the user ends a command that runs until then. Default: at once. */
  untilStopped?(): Promise<void>;
}

const USAGE_CODES: ReadonlySet<string> = new Set(['OPTION_UNKNOWN', 'OPTION_INVALID']);

/** `args`: without node and the script. Returns the exit code. What is a bug of ours is thrown. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  let exitCode = 0;
  const program = new Command('captureflow')
    .description('Traces of what a program really did.')
    .version(version)
    .showHelpAfterError('(captureflow --help lists the commands)')
    .addHelpText(
      'after',
      "\nBegin with: captureflow run --open -- node app.js\nExit codes: 0 done, 1 failed or nothing found, 2 wrong use; of run: the program's own. The help of each command says more.",
    )
    .exitOverride()
    .configureOutput({
      writeOut: surroundings.print,
      writeErr: surroundings.printError,
      outputError: (text, write) => write(text.replace(/^error: /, 'captureflow: ')),
    });
  const exit = (code: number): void => {
    exitCode = code;
  };
  const again = (command: readonly string[]): Promise<number> => main(command, surroundings);
  addRunCommand(program, surroundings, exit, again);
  addViewCommand(program, surroundings);
  addTreeCommand(program, surroundings);
  addTopCommand(program, surroundings);
  addDiffCommand(program, surroundings, exit);
  addExportCommand(program, surroundings);
  addServeCommand(program, surroundings);
  addInstrumentCommand(program, surroundings, exit);
  addDoctorCommand(program, surroundings, exit, version);
  addCheckCommand(program, surroundings, exit);
  addBenchCommand(program, surroundings, exit);
  addCompletionCommand(program, surroundings);
  for (const command of program.commands) command.showHelpAfterError(`(captureflow ${command.name()} --help says more)`);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has printed it already; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof InputError) {
      surroundings.printError(`captureflow: ${error.message}\n`);
      return error.exitCode;
    }
    if (isCaptureFlowError(error)) {
      surroundings.printError(`${error.message.replace('[captureflow]', 'captureflow:')}\n`);
      return USAGE_CODES.has(error.code) ? 2 : 1;
    }
    if (error instanceof Error && 'syscall' in error) {
      surroundings.printError(`captureflow: ${error.message}\n`);
      return 1;
    }
    throw error;
  }
}

/** By its name: the class comes with the instrumenter, which most commands do without. */
function isCaptureFlowError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && error.name === 'CaptureFlowError' && 'code' in error;
}
