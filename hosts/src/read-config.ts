/**
 * Options of programs that no build tool starts: `captureflow.config.json` in the working directory, which is then the project root.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CaptureFlowError } from '@captureflow/core';
import type { Options } from '@captureflow/esbuild-plugin';

export const CONFIG_FILE = 'captureflow.config.json';

/** Empty without a file. Throws CONFIG_INVALID for a file that is no JSON; what it says is checked by whoever uses it. */
export function readConfig(folder: string): Options {
  const file = join(folder, CONFIG_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new CaptureFlowError('CONFIG_INVALID', { file, problem: `cannot be read: ${message}` });
  }
  try {
    return JSON.parse(text) as Options;
  } catch (error) {
    throw new CaptureFlowError('CONFIG_INVALID', { file, problem: `is no JSON: ${(error as Error).message}` });
  }
}
