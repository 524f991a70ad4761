/** The spill of an exporter, where there is a file system. */
import { builtin } from '../builtin.ts';
import { Spill } from './spill.ts';
import type { SpillOptions } from './spill.ts';

/** `dir`: relative to the working directory at the time of the call. */
export function createSpill(options: SpillOptions): Spill | undefined {
  const path = builtin('node:path');
  return path === undefined ? undefined : new Spill({ ...options, dir: path.resolve(options.dir) });
}
