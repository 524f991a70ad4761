/** Finds a module that the user has to install beside us, or says so in one sentence. */
import { CaptureFlowError } from '@captureflow/core';

/** `user`: what needs it; `from`: where it is looked for, in words for people. Throws HOST_MODULE_MISSING. */
export function resolveModule(require: NodeJS.Require, name: string, user: string, from: string): string {
  try {
    return require.resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new CaptureFlowError('HOST_MODULE_MISSING', { user, name, from });
  }
}
