/**
 * The error of a plan that does not fit the file: a bug of ours, told with the place.
 */
import { CaptureFlowError } from '@captureflow/core';
import type ts from 'typescript';

/** `what` could not be found at `offset`. */
export function desync(sourceFile: ts.SourceFile, what: string, offset: number): CaptureFlowError {
  const { line, character } = sourceFile.getLineAndCharacterOfPosition(offset);
  return new CaptureFlowError('PLAN_DESYNC', { what }, { file: sourceFile.fileName, line: line + 1, column: character + 1 });
}
