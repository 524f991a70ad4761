/** The command line of `captureflow check`: whether files with traces in JSON would be taken by CaptureFlow's server. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CaptureFlowProblem, checkCaptureFlowJson } from '@captureflow/trace';
import type { Command } from 'commander';
import type { Surroundings } from '../main.ts';
import { endHelp } from './help-end.ts';

interface Flags {
  readonly json?: true;
}

interface Finding {
  readonly file: string;
  readonly problems: readonly CaptureFlowProblem[];
}

/** The first ones say what is wrong with the writer; a wrong field of every event would fill the screen. */
const MOST_PRINTED = 20;

export function addCheckCommand(program: Command, { cwd, print }: Surroundings, exit: (code: number) => void): void {
  const command = program
    .command('check')
    .summary("whether CaptureFlow's server would take a trace")
    .description(
      "Checks traces in the JSON of CaptureFlow's server (trace_<id>.json) against its rules: what it refuses with 422, and what its call graph fails on later.",
    )
    .argument('<files...>', 'JSON files, one trace each')
    .option('--json', 'print what was found as JSON')
    .action((files: readonly string[], flags: Flags) => {
      const findings = files.map((file): Finding => ({ file, problems: checkFile(resolve(cwd, file)) }));
      print(flags.json === true ? `${JSON.stringify(findings, undefined, 2)}\n` : findings.map(describe).join('') + summarise(findings));
      exit(findings.every(({ problems }) => problems.length === 0) ? 0 : 1);
    });
  endHelp(command, {
    examples: ['check trace_3fe1.json', 'check --json trace_3fe1.json'],
    exitCodes: '0 all are taken, 1 one is not or cannot be read, 2 wrong use',
  });
}

function checkFile(file: string): readonly CaptureFlowProblem[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return [
      {
        path: 'file',
        problem: `cannot be read: ${(error as Error).message}`,
        remedy: 'give the path of a file with one trace',
        refused: true,
      },
    ];
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [{ path: 'file', problem: `is not JSON: ${(error as Error).message}`, remedy: remedyOf(text), refused: true }];
  }
  return checkCaptureFlowJson(value);
}

function remedyOf(text: string): string {
  if (text === '') return 'the file is empty: was the program ended while it was written?';
  if (text.charCodeAt(0) === 0xfeff) return 'write it without a byte order mark';
  if (/^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)) return 'these are several values, one a line; give one file a trace';
  return "give a file in the JSON of CaptureFlow's server, not one of .captureflow";
}

function describe({ file, problems }: Finding): string {
  if (problems.length === 0) return `ok   ${file}\n`;
  const lines = problems.slice(0, MOST_PRINTED).map(({ path, problem, remedy }) => `     ${path} ${problem}\n       ${remedy}\n`);
  if (problems.length > MOST_PRINTED) lines.push(`     and ${problems.length - MOST_PRINTED} more\n`);
  return `FAIL ${file}\n${lines.join('')}`;
}

function summarise(findings: readonly Finding[]): string {
  const failed = findings.filter(({ problems }) => problems.length > 0).length;
  return `${findings.length - failed} passed, ${failed} failed\n`;
}
