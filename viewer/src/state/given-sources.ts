/**
 * Source files that somebody hands to the page, for traces that came without: read here, sent nowhere. A file belongs to the module whose path
 * ends as the file's does; where several do (every folder has an `index.ts`), to the selected call's, else to the one it says most of.
 */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { openTrace, reportProblem, selectedSpan } from './state.ts';

export interface GivenFile {
  /** As far as it is known: a file alone has its name only. */
  readonly path: string;
  readonly file: File;
}

/** Text by module. */
export const givenSources: Signal<ReadonlyMap<string, string>> = signal(new Map());

const SOURCE_NAME = /\.(?:[cm]?[jt]sx?|vue|svelte)$/i;
/** No source that people wrote is longer. */
const MOST_BYTES = 8_000_000;

export function isSourceName(name: string): boolean {
  return SOURCE_NAME.test(name);
}

/** Says which files belong to no module of the open trace, unless they came with a folder, which holds many such. */
export async function giveSources(files: readonly GivenFile[], fromFolder: boolean): Promise<void> {
  const trace = openTrace.peek();
  if (trace === undefined) {
    if (!fromFolder && files.length > 0) reportProblem('Open a trace first: source files are shown with the calls of their functions.');
    return;
  }
  const modules = [...new Set(trace.header.functions.map((fn) => fn.module))];
  const present = trace.header.functions[trace.columns.functionIndex[selectedSpan.peek()] ?? -1]?.module;
  const given = new Map(givenSources.peek());
  const best = new Map<string, number>();
  let taken = 0;
  for (const { path, file } of files) {
    const found = moduleOf(path, modules, present);
    // Of two files for one module the one whose folders agree the most is it.
    if (found === undefined || file.size > MOST_BYTES || (best.get(found.module) ?? 0) >= found.parts) continue;
    best.set(found.module, found.parts);
    given.set(found.module, await file.text());
    taken++;
  }
  givenSources.value = given;
  if (taken > 0) return;
  reportProblem(
    fromFolder
      ? 'None of the files in that folder has the name of a module of this trace.'
      : `${files[0]?.path ?? 'The file'} has not the name of any module of this trace; its modules are ${listOf(modules)}.`,
  );
}

/** The module whose path has the most last parts in common with `path`; `preferred` where several have as many. */
export function moduleOf(
  path: string,
  modules: readonly string[],
  preferred?: string,
): { readonly module: string; readonly parts: number } | undefined {
  let found: { module: string; parts: number } | undefined;
  for (const module of modules) {
    const parts = commonParts(path, module);
    if (parts === 0) continue;
    if (found === undefined || parts > found.parts || (parts === found.parts && module === preferred)) found = { module, parts };
  }
  return found;
}

function commonParts(a: string, b: string): number {
  const left = a.split('/').reverse();
  const right = b.split('/').reverse();
  const end = left.findIndex((part, index) => part !== right[index]);
  return end === -1 ? left.length : end;
}

function listOf(modules: readonly string[]): string {
  return modules.length > 3 ? `${modules.slice(0, 3).join(', ')} and ${modules.length - 3} more` : modules.join(', ');
}
