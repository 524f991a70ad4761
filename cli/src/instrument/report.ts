/** What a run of `captureflow instrument` did, as data (`--json` prints it) and as text. */
import type { SkippedFunction, SkipReason } from '@captureflow/esbuild-plugin';
import { explainSkip } from './explain-skip.ts';

export interface FileReport {
  /** As it would be typed in the working directory. */
  readonly input: string;
  readonly output: string;
  /** `unchanged`: code in which nothing was to instrument; `copied`: no code; `failed`: nothing was written. */
  readonly status: 'instrumented' | 'unchanged' | 'copied' | 'failed';
  /** Why the whole file was left alone. */
  readonly reason?: SkipReason;
  readonly instrumented: number;
  readonly skipped: readonly SkippedFunction[];
  /** `file:line:column text`, for `failed`. */
  readonly error?: string;
  readonly warnings: readonly string[];
}

export interface RunReport {
  readonly v: 1;
  readonly functions: { readonly instrumented: number; readonly total: number };
  readonly failed: number;
  readonly files: readonly FileReport[];
}

export function summarise(files: readonly FileReport[]): RunReport {
  const instrumented = files.reduce((sum, file) => sum + file.instrumented, 0);
  const skipped = files.reduce((sum, file) => sum + file.skipped.length, 0);
  return {
    v: 1,
    functions: { instrumented, total: instrumented + skipped },
    failed: files.filter((file) => file.status === 'failed').length,
    files,
  };
}

/** For standard output; errors and warnings are apart. Ends with a newline. */
export function printReport(report: RunReport, verbose: boolean): string {
  const lines = verbose ? report.files.flatMap(printSkips) : [];
  lines.push(`${report.functions.instrumented} of ${report.functions.total} functions instrumented`);
  const count = (status: FileReport['status']): number => report.files.filter((file) => file.status === status).length;
  const parts = (['instrumented', 'unchanged', 'copied', 'failed'] as const).flatMap((status) =>
    count(status) === 0 ? [] : [`${count(status)} ${status}`],
  );
  if (verbose) lines.push(`${report.files.length} ${report.files.length === 1 ? 'file' : 'files'}: ${parts.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function printSkips(file: FileReport): readonly string[] {
  const whole = file.reason === undefined ? [] : [`skipped ${file.input} ${file.reason}: ${explainSkip(file.reason)}`];
  return [
    ...whole,
    ...file.skipped.map(
      ({ name, line, column, reason }) => `skipped ${file.input}:${line}:${column} ${name} ${reason}: ${explainSkip(reason)}`,
    ),
  ];
}
