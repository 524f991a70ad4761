/**
 * Module ids with a query: which of them are the script on disk, and which are something else that is made of it.
 */

/** Queries that ask for a text, an address, a worker's constructor or a part of another language's file (Vite, plugin-commonjs, SFC compilers). */
const OTHER_CONTENT: ReadonlySet<string> = new Set([
  'raw',
  'url',
  'inline',
  'no-inline',
  'worker',
  'sharedworker',
  'init',
  'html-proxy',
  'vue',
  'svelte',
  'astro',
  'commonjs-proxy',
  'commonjs-exports',
  'commonjs-module',
  'commonjs-es-import',
  'commonjs-external',
]);

/**
 * The file whose program the module is; undefined when it is none.
 *
 * @example
 * ```js
 * toScriptFile('/src/job.ts?worker_file&type=module') // '/src/job.ts': the worker's own program
 * toScriptFile('/src/job.ts?worker')                  // undefined: a wrapper that starts it
 * ```
 */
export function toScriptFile(id: string): string | undefined {
  const at = id.indexOf('?');
  if (at < 0) return id;
  for (const key of new URLSearchParams(id.slice(at + 1)).keys()) if (OTHER_CONTENT.has(key)) return undefined;
  return id.slice(0, at);
}
