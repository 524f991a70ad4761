/** Reads lines of the program's source files, each file once. Must not read outside what module paths name. */
import { builtin } from '../builtin.ts';

/** Files kept; more than a trace normally names. */
const MAX_FILES = 200;

/** A function that gives the text of a line (1-based) of a module, '' when it cannot be read. */
export function sourceLines(root: string): (module: string, line: number) => string {
  const files = new Map<string, readonly string[]>();
  return (module, line) => {
    let lines = files.get(module);
    if (lines === undefined) {
      lines = readLines(root, module);
      if (files.size >= MAX_FILES) files.clear();
      files.set(module, lines);
    }
    return lines[line - 1] ?? '';
  };
}

function readLines(root: string, module: string): readonly string[] {
  try {
    const path = builtin('node:path')?.resolve(root, module);
    return path === undefined ? [] : (builtin('node:fs')?.readFileSync(path, 'utf8') ?? '').split(/\r?\n/);
  } catch {
    return [];
  }
}
