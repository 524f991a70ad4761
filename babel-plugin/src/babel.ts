/**
 * The part of Babel's API that the plugin works with: the instance it is handed, never one of its own, so that one build serves
 * every Babel from 7.20 on. Types only.
 */
import type * as core from '@babel/core';

export type Babel = Pick<typeof core, 'types' | 'version' | 'parseSync' | 'transformFromAstSync'> & {
  readonly cache: { using(key: () => string): void };
  addExternalDependency(file: string): void;
};
export type BabelFile = core.BabelFile & { buildCodeFrameError(node: { readonly loc: unknown }, message: string): Error };
