/**
 * One line on stderr, once for each cause. Written to the descriptor: `console` may be patched, instrumented or mocked,
 * and `process.emitWarning` would run the program's own 'warning' listeners.
 */
import { builtin } from './builtin.ts';

const said = new Set<string>();

/** Says `message` unless something was said under `cause` before. Never throws. */
export function warnOnce(cause: string, message: string): void {
  if (said.has(cause)) return;
  said.add(cause);
  const line = `captureflow: ${message}\n`;
  try {
    const fs = builtin('node:fs');
    if (fs === undefined) console.warn(line.trimEnd());
    else fs.writeSync(2, line);
  } catch {
    // A closed or full stderr is no reason to disturb the program.
  }
}
