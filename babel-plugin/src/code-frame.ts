/** Errors of ours as Babel reports its own: with the lines of the source around the place. */
import { CaptureFlowError } from '@captureflow/core';
import type { BabelFile } from './babel.ts';

/** An error of ours that names a place, as Babel's; any other as it is. */
export function withCodeFrame(error: unknown, file: BabelFile): unknown {
  if (!(error instanceof CaptureFlowError) || error.place === undefined) return error;
  const { line, column } = error.place;
  const place = { line, column: column - 1 };
  return Object.assign(file.buildCodeFrameError({ loc: { start: place, end: place } }, error.message), {
    name: error.name,
    code: error.code,
  });
}
