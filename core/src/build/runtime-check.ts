/**
 * An ES module whose import does not resolve takes the whole program down, so the build refuses to make one (R13).
 * CommonJS and scripts need no check: there the emitted `require` may fail.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { CaptureFlowError } from '../errors.ts';
import { PROBE_SUBPATH } from '../probe-abi.ts';

/** Who misses it may install it while the build watches, so only what was found is remembered. */
const found = new Set<string>();

/** Throws RUNTIME_MISSING when `runtime` does not resolve from the folder of `fileName`. */
export function checkRuntime(runtime: string, fileName: string): void {
  const from = dirname(fileName);
  const key = `${runtime}\n${from}`;
  if (found.has(key)) return;
  if (!canResolve(runtime + PROBE_SUBPATH, fileName)) throw new CaptureFlowError('RUNTIME_MISSING', { runtime, from, package: runtime });
  found.add(key);
}

function canResolve(specifier: string, fileName: string): boolean {
  try {
    createRequire(fileName).resolve(specifier);
    return true;
  } catch {
    return false;
  }
}
