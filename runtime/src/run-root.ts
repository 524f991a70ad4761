/** `runRoot`: a function call as the root of a trace. */
import { afterSettled, isNativePromise } from './native-promise.ts';
import type { Root } from './recorder-config.ts';

export interface RootRunner {
  runInRoot<T>(root: Root, fn: () => T): T;
  endRoot(root: Root, error?: unknown): void;
}

/**
 * Runs `fn` in `root` and ends the root when `fn` is done: at its return or throw or, when it returns a promise of the engine,
 * when that settles; then the caller gets a new promise with the same outcome, one microtask later.
 */
export function runAndEnd<T>(runner: RootRunner, root: Root, fn: () => T): T {
  let result: T;
  try {
    result = runner.runInRoot(root, fn);
  } catch (error) {
    runner.endRoot(root, asError(error));
    throw error;
  }
  if (isNativePromise(result)) {
    return afterSettled(
      result,
      () => runner.endRoot(root),
      (error) => runner.endRoot(root, asError(error)),
    ) as T;
  }
  runner.endRoot(root);
  return result;
}

/** `undefined` would mean that nothing failed. */
function asError(error: unknown): unknown {
  return error === undefined ? 'undefined' : error;
}
