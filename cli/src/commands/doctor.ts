/** The command line of `captureflow doctor`: why a program is recorded, or is not. */
import type { Command } from 'commander';
import type { CheckedFile } from '../doctor/check-code.ts';
import { checkNode, checkPackages } from '../doctor/check-packages.ts';
import type { Finding } from '../doctor/finding.ts';
import { explainSkip } from '../instrument/explain-skip.ts';
import type { Surroundings } from '../main.ts';
import { readTraces, TRACE_FOLDER } from '../read-traces.ts';

interface Flags {
  readonly verbose?: true;
  readonly json?: true;
}

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;
/** Of files and of functions, without `--verbose`. */
const MOST_PRINTED = 10;

/** `version`: of this command. */
export function addDoctorCommand(program: Command, surroundings: Surroundings, exit: (code: number) => void, version: string): void {
  program
    .command('doctor')
    .summary('is my build instrumented, and if not, why')
    .description(
      'Looks at versions, at whether the runtime is found, at options and environment, and at code: which files are instrumented, which functions are not,\nand why. Changes nothing. Exit codes: 0 nothing is wrong, 1 something is, 2 wrong use.',
    )
    .argument('[paths...]', 'files and folders of a build or of sources (default: dist, build, out, lib, src)')
    .option('--verbose', 'name every file and every function')
    .option('--json', 'print what was found as JSON')
    .action(async (paths: readonly string[], flags: Flags) => exit(await run(paths, flags, surroundings, version)));
}

async function run(paths: readonly string[], flags: Flags, { cwd, print }: Surroundings, version: string): Promise<number> {
  // With a parser and its binary, which other commands do without.
  const { checkCode, checkConfig } = await import('../doctor/check-code.ts');
  const { finding, options } = checkConfig(cwd);
  const findings = [
    checkNode(process.version),
    ...checkPackages(cwd, version),
    finding,
    ...checkEnvironment(process.env),
    checkTraces(cwd),
  ];
  const files = checkCode(paths, options, cwd);
  const failed = findings.some(({ status }) => status === 'fail') || files.some(({ status }) => status === 'broken');
  if (flags.json === true) {
    print(`${JSON.stringify({ v: 1, findings, files }, null, 2)}\n`);
  } else {
    for (const { title, status, detail, fix } of findings) {
      print(`${MARKS[status]} ${title}${detail === undefined ? '' : `: ${detail}`}\n${fix === undefined ? '' : `       → ${fix}\n`}`);
    }
    print(describeFiles(files, flags.verbose === true));
  }
  return failed ? 1 : 0;
}

function checkEnvironment(env: NodeJS.ProcessEnv): Finding[] {
  const findings: Finding[] = [];
  if (env['CAPTUREFLOW'] === 'off') {
    findings.push({
      title: 'CAPTUREFLOW=off',
      status: 'warn',
      detail: 'nothing is recorded, whatever the program asks',
      fix: 'unset CAPTUREFLOW',
    });
  } else if (env['NODE_ENV'] === 'production' && env['CAPTUREFLOW'] !== 'on') {
    findings.push({
      title: 'NODE_ENV=production',
      status: 'warn',
      detail: 'nothing is recorded unless it is asked for',
      fix: 'set CAPTUREFLOW=on, or call start() in the program',
    });
  }
  return findings;
}

function checkTraces(cwd: string): Finding {
  const { traces } = readTraces([], { cwd });
  const newest = traces.at(-1);
  if (newest === undefined)
    return { title: `no traces in ${TRACE_FOLDER}`, status: 'ok', detail: 'none were recorded from this folder yet' };
  return {
    title: `${traces.length} ${traces.length === 1 ? 'trace' : 'traces'} in ${TRACE_FOLDER}`,
    status: 'ok',
    detail: `the newest is ${JSON.stringify(newest.name)}`,
  };
}

function describeFiles(files: readonly CheckedFile[], verbose: boolean): string {
  if (files.length === 0) return 'no code was looked at: name the folder of your build\n';
  const most = verbose ? Number.POSITIVE_INFINITY : MOST_PRINTED;
  const of = (status: CheckedFile['status']): readonly CheckedFile[] => files.filter((file) => file.status === status);
  const lines = [`\n${of('instrumented').length} of ${files.length} files are instrumented`];
  const bare = of('not instrumented');
  if (bare.length > 0) {
    const functions = bare.reduce((sum, file) => sum + file.functions, 0);
    lines.push(`${bare.length} are not, with ${functions} functions that could be: sources before a build, or no plugin saw them`);
    lines.push(
      ...listed(
        bare.map(({ file, functions: each }) => `  ${file}: ${each} functions`),
        most,
      ),
    );
  }
  const left = of('left out');
  if (left.length > 0) {
    lines.push(`${left.length} would be left out`);
    lines.push(
      ...listed(
        left.map(
          ({ file, reason }) =>
            `  ${file}: ${reason === undefined ? 'has no functions to instrument' : `${reason}: ${explainSkip(reason)}`}`,
        ),
        most,
      ),
    );
  }
  const skipped = files.flatMap(({ file, skipped: each }) =>
    each.map(({ name, line, column, reason }) => `  ${file}:${line}:${column} ${name} ${reason}: ${explainSkip(reason)}`),
  );
  if (skipped.length > 0) lines.push(`${skipped.length} functions would be left out`, ...listed(skipped, most));
  for (const { file, error } of of('broken')) lines.push(`FAIL ${file}:${error}`);
  return `${lines.join('\n')}\n`;
}

function listed(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `  … and ${lines.length - most} more (--verbose)`];
}
