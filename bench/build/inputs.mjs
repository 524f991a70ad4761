/**
 * What is built and measured: real libraries, each bundled to one ES module of its own text (no minifier, no lowering), TypeScript's
 * compiler as one very large file, and zod's TypeScript sources.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** Under `node_modules`, so that emitted code resolves the runtime as a user's program does. */
export const OUTPUT = fileURLToPath(new URL('../../node_modules/.cache/captureflow/bench-build/', import.meta.url));

/** Entry of each library whose output size is measured. */
const LIBRARIES = {
  zod: 'index.js',
  marked: 'lib/marked.esm.js',
  yaml: 'browser/dist/index.js',
  acorn: 'dist/acorn.mjs',
  rxjs: 'dist/esm/index.js',
  postcss: 'lib/postcss.mjs',
  semver: 'index.js',
  valibot: 'dist/index.mjs',
};

export const LIBRARY_NAMES = Object.keys(LIBRARIES);

export function folderOf(library) {
  const folder = require.resolve.paths(library).map((path) => join(path, library));
  return folder.find((path) => existsSync(join(path, 'package.json')));
}

/** The library as one file: its path. */
export async function bundleLibrary(name) {
  const file = join(OUTPUT, `${name}.mjs`);
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({ input: join(folderOf(name), LIBRARIES[name]), platform: 'node', logLevel: 'silent', treeshake: false });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  write(file, output[0].code);
  return file;
}

export function typescriptFile() {
  const file = join(OUTPUT, 'typescript.cjs');
  write(file, readFileSync(join(folderOf('typescript'), 'lib/typescript.js'), 'utf8'));
  return file;
}

export function zodSources() {
  return join(folderOf('zod'), 'src');
}

/** Source text is counted in 10^6 bytes. */
export function megabytes(file) {
  return statSync(file).size / 1e6;
}

export function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
