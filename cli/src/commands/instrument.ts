/** The command line of `captureflow instrument`: what may be written and what is printed. */
import { resolve } from 'node:path';
import type { Options } from '@captureflow/esbuild-plugin';
import { type Command, Option } from 'commander';
import { InputError } from '../input-error.ts';
import { printReport } from '../instrument/report.ts';
import type { Surroundings } from '../main.ts';
import { endHelp } from './help-end.ts';

interface Flags {
  readonly out?: string;
  readonly inPlace?: true;
  readonly level?: Options['level'];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly runtime?: string;
  readonly metadata?: Options['metadata'];
  readonly root?: string;
  readonly minSize?: number;
  readonly privacyManifest?: string;
  readonly sourceMap?: true;
  readonly verbose?: true;
  readonly json?: true;
}

export function addInstrumentCommand(program: Command, surroundings: Surroundings, exit: (code: number) => void): void {
  const command = program
    .command('instrument')
    .summary('instrument JavaScript that a compiler emitted, or sources')
    .description(
      'Rewrites functions so that they report to @captureflow/runtime. Source maps are chained, so that stack traces still name the TypeScript source. Folders keep their structure; what is not code is copied. node_modules is left out.',
    )
    .argument('<paths...>', 'files and folders')
    .addOption(new Option('-o, --out <folder>', 'where to write (a file, when one file is given)').conflicts('inPlace'))
    .option('--in-place', 'overwrite the inputs')
    .addOption(
      new Option('--level <level>', 'how much every function reports (default: "locals")').choices([
        'off',
        'calls',
        'values',
        'locals',
        'lines',
      ]),
    )
    .option('--include <glob>', 'instrument only what matches, from the root on (repeatable)', collect)
    .option('--exclude <glob>', 'leave out what matches (repeatable)', collect)
    .option('--runtime <specifier>', 'module that the code imports (default: "@captureflow/runtime")')
    .addOption(
      new Option('--metadata <place>', 'names and positions go into the code, or into a file beside the traces').choices([
        'inline',
        'manifest',
      ]),
    )
    .option('--root <folder>', 'project root that traces name files from (default: the working directory)')
    .option('--min-size <characters>', 'leave out functions that are smaller and call nothing', Number)
    .option('--privacy-manifest <file>', 'say in this file, from the root on, which names each function records')
    .option('--source-map', 'write source maps also for files that have none')
    .option('--verbose', 'say what was not instrumented, and why')
    .option('--json', 'print a report as JSON')
    .action(async (paths: readonly string[], flags: Flags) => exit(await run(paths, flags, surroundings)));
  endHelp(command, {
    examples: ['instrument dist -o traced', 'instrument dist --in-place --exclude "**/vendor/**" --verbose'],
    exitCodes: '0 done, 1 something failed, 2 wrong use',
  });
}

/** One value each time the flag is said: a list in one flag would swallow the paths after it. */
function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Returns the exit code. */
async function run(paths: readonly string[], flags: Flags, { cwd, print, printError }: Surroundings): Promise<number> {
  if (flags.out === undefined && flags.inPlace === undefined)
    throw new InputError('say where to write: -o <folder>, or --in-place to overwrite the inputs', 2);
  const { level, include, exclude, runtime, metadata, root, minSize, privacyManifest } = flags;
  // With a parser and its binary, which other commands do without.
  const { instrumentFiles } = await import('../instrument/instrument-files.ts');
  const report = instrumentFiles({
    paths,
    out: flags.out,
    options: {
      level,
      include,
      exclude,
      runtime,
      metadata,
      root: root === undefined ? undefined : resolve(cwd, root),
      minSize,
      privacyManifest,
    },
    sourceMap: flags.sourceMap === true,
    cwd,
  });
  for (const file of report.files) for (const warning of file.warnings) printError(`captureflow: warning: ${warning}\n`);
  for (const file of report.files) if (file.error !== undefined) printError(`captureflow: ${file.error}\n`);
  print(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : printReport(report, flags.verbose === true));
  return report.failed === 0 ? 0 : 1;
}
