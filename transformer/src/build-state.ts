/**
 * Incremental builds remember every file as emitted together with its errors. After an error of ours that is wrong: the way out (an
 * option, an installed package) changes no source file, so TypeScript would repeat the error for ever and emit nothing (H106).
 */
import { rmSync } from 'node:fs';
import type ts from 'typescript';

type Internals = { readonly getTsBuildInfoEmitOutputFilePath?: (options: ts.CompilerOptions) => string | undefined };

const forgotten = new Set<string>();

/** Removes the program's `.tsbuildinfo` when the process ends, because it is written after us. Does nothing for other builds. */
export function forgetBuildState(ts: typeof import('typescript'), options: ts.CompilerOptions): void {
  const file = (ts as Internals).getTsBuildInfoEmitOutputFilePath?.(options);
  if (file === undefined || forgotten.has(file)) return;
  forgotten.add(file);
  process.once('exit', () => rmSync(file, { force: true }));
}
