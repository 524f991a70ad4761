/** The command line of `captureflow doctor`: why a program is recorded, or is not. */
import type { Command } from 'commander';
import { checkNode, checkPackages } from '../doctor/check-packages.ts';
import { checkPrivacy } from '../doctor/check-privacy.ts';
import { checkRuntimes } from '../doctor/check-runtimes.ts';
import { describeFiles, halfInstrumented } from '../doctor/describe-files.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Surroundings } from '../main.ts';
import { readTraces, TRACE_FOLDER } from '../read-traces.ts';
import { endHelp } from './help-end.ts';

interface Flags {
  readonly verbose?: true;
  readonly strict?: true;
  readonly json?: true;
}

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** `version`: of this command. */
export function addDoctorCommand(program: Command, surroundings: Surroundings, exit: (code: number) => void, version: string): void {
  const command = program
    .command('doctor')
    .summary('is my build instrumented, and if not, why')
    .description(
      'Looks at versions, at which copies of the runtime are found, at options and environment, and at code: which files are instrumented, which functions are not, and why. Changes nothing.',
    )
    .argument('[paths...]', 'files and folders of a build or of sources (default: dist, build, out, lib, src)')
    .option('--verbose', 'name every file and every function')
    .option('--strict', 'warnings are wrong, too: exit with 1')
    .option('--json', 'print what was found as JSON')
    .action(async (paths: readonly string[], flags: Flags) => exit(await run(paths, flags, surroundings, version)));
  endHelp(command, {
    examples: ['doctor', 'doctor dist --verbose', 'doctor dist --strict'],
    exitCodes: '0 nothing is wrong, 1 something is (with --strict also what is only a warning), 2 wrong use',
  });
}

async function run(paths: readonly string[], flags: Flags, { cwd, print }: Surroundings, version: string): Promise<number> {
  // With a parser and its binary, which other commands do without.
  const { checkCode, checkConfig, runtimeUsers } = await import('../doctor/check-code.ts');
  const { finding, options } = checkConfig(cwd);
  const files = checkCode(paths, options, cwd);
  const bundled = files.flatMap(({ file, bundled: carries }) => (carries === true ? [file] : []));
  const findings = [
    checkNode(process.version),
    ...checkPackages(cwd, version),
    ...checkRuntimes(cwd, runtimeUsers(files, cwd), bundled),
    finding,
    checkPrivacy(cwd, options.privacyManifest),
    ...checkEnvironment(process.env),
    checkTraces(cwd),
    ...halfInstrumented(files),
  ];
  const failed = files.some(({ status }) => status === 'broken') || findings.some(({ status }) => status === 'fail');
  const warned = findings.some(({ status }) => status === 'warn');
  if (flags.json === true) {
    print(`${JSON.stringify({ v: 1, findings, files }, null, 2)}\n`);
  } else {
    for (const { title, status, detail, fix } of findings) {
      print(`${MARKS[status]} ${title}${detail === undefined ? '' : `: ${detail}`}\n${fix === undefined ? '' : `       → ${fix}\n`}`);
    }
    print(describeFiles(files, flags.verbose === true));
  }
  return failed || (warned && flags.strict === true) ? 1 : 0;
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
