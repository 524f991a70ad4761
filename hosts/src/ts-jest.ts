/**
 * ts-jest's `astTransformers`. Wiring of the TypeScript transformer.
 */
import type { Options } from '@captureflow/transformer';
import type ts from 'typescript';
import { loadTransformer, transformerBuild } from './load-transformer.ts';

export type { Options } from '@captureflow/transformer';

/** The part of ts-jest's compiler that is used. */
export interface TsJestCompiler {
  readonly configSet: { readonly compilerModule: typeof ts };
  readonly program?: ts.Program | undefined;
}

export const name = 'captureflow';

/** Stands in ts-jest's cache key. */
export const version: number = transformerBuild();

export function factory(compiler: TsJestCompiler, options: Options = {}): ts.TransformerFactory<ts.SourceFile> {
  return loadTransformer()(compiler.program, { ...options }, { ts: compiler.configSet.compilerModule });
}
