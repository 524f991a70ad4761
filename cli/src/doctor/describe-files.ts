/** What was found in code, as a finding and as text: a build at a time, since sources beside a build are no part of it. */
import { explainSkip } from '../instrument/explain-skip.ts';
import { counted } from '../traces/counted.ts';
import type { CheckedFile } from './check-code.ts';
import type { Finding } from './finding.ts';

/** Of files and of functions, unless all are asked for. */
const MOST_PRINTED = 10;
/** Of files, in a finding. */
const MOST_NAMED = 3;

/** Builds of which one part reports and the other does not: their traces have holes that nothing in them shows. */
export function halfInstrumented(files: readonly CheckedFile[]): Finding[] {
  return builds(files).flatMap(([within, each]) => {
    const bare = each.filter(({ status }) => status === 'not instrumented');
    const done = each.filter(({ status }) => status === 'instrumented');
    if (bare.length === 0 || done.length === 0) return [];
    const old = bare.filter(({ age }) => age === 'older').length;
    const names = bare.slice(0, MOST_NAMED).map(({ file }) => file);
    return [
      {
        title: `${within} is half instrumented`,
        status: 'warn',
        detail: `${done.length} of ${done.length + bare.length} files with functions are; not ${names.join(', ')}${bare.length > names.length ? ` and ${bare.length - names.length} more` : ''}`,
        fix:
          old === bare.length
            ? 'they are older: remove the folder (of tsc also .tsbuildinfo) and build again'
            : 'see below what each may lack; what is left out on purpose, name to the plugin or in captureflow.config.json under "exclude"',
      },
    ];
  });
}

export function describeFiles(files: readonly CheckedFile[], verbose: boolean): string {
  if (files.length === 0) return 'no code was looked at: name the folder of your build\n';
  const most = verbose ? Number.POSITIVE_INFINITY : MOST_PRINTED;
  return builds(files)
    .map(([within, each]) => `\n${describeBuild(within, each, most).join('\n')}\n`)
    .join('');
}

function builds(files: readonly CheckedFile[]): readonly (readonly [within: string, files: readonly CheckedFile[]])[] {
  const groups = new Map<string, CheckedFile[]>();
  for (const file of files) {
    const known = groups.get(file.within);
    if (known === undefined) groups.set(file.within, [file]);
    else known.push(file);
  }
  return [...groups];
}

function describeBuild(within: string, files: readonly CheckedFile[], most: number): readonly string[] {
  const of = (status: CheckedFile['status']): readonly CheckedFile[] => files.filter((file) => file.status === status);
  const lines = [`${within}: ${of('instrumented').length} of ${counted(files.length, 'file')} instrumented`];
  const bare = of('not instrumented');
  if (bare.length > 0) {
    const functions = bare.reduce((sum, file) => sum + file.functions, 0);
    const why = of('instrumented').length > 0 ? '' : ': sources before a build, or no plugin saw them';
    lines.push(`${bare.length} not, with ${counted(functions, 'function')} that could be${why}`);
    lines.push(...listed(bare.map(describeBare), most));
  }
  const left = of('left out');
  if (left.length > 0) {
    lines.push(`${left.length} would be left out`);
    lines.push(...listed(left.map(describeLeft), most));
  }
  const skipped = files.flatMap(({ file, skipped: each }) =>
    each.map(({ name, line, column, reason }) => `  ${file}:${line}:${column} ${name} ${reason}: ${explainSkip(reason)}`),
  );
  if (skipped.length > 0) lines.push(`${counted(skipped.length, 'function')} would be left out`, ...listed(skipped, most));
  for (const { file, error } of of('broken')) lines.push(`FAIL ${file}:${error}`);
  return lines;
}

function describeBare({ file, functions, age }: CheckedFile): string {
  const why =
    age === undefined
      ? ''
      : age === 'older'
        ? '; older than all that are: left there by a build without the plugin'
        : '; no plugin saw it: another step wrote it, or the options of the build tool leave it out';
  return `  ${file}: ${counted(functions, 'function')}${why}`;
}

function describeLeft({ file, reason }: CheckedFile): string {
  return `  ${file}: ${reason === undefined ? 'has no functions to instrument' : `${reason}: ${explainSkip(reason)}`}`;
}

function listed(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `  … and ${lines.length - most} more (--verbose)`];
}
