/**
 * A case as programs: bundled (with the library it is about) into one file, plain and through the transformer at each level asked for. All go
 * through the same compiler, so that they differ by the instrumentation only.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import ts from 'typescript';

const require = createRequire(import.meta.url);
const transformer = require('@captureflow/transformer');
const createTransformer = transformer.default ?? transformer;

/** Under `node_modules`, so that emitted code resolves the runtime as a user's program does. */
export const OUTPUT = fileURLToPath(new URL('../../node_modules/.cache/captureflow/bench/', import.meta.url));

/**
 * @param {{ input: string, name: string, levels: readonly ('calls' | 'values' | 'locals' | 'lines')[] }} program
 * @returns {Promise<Record<string, string>>} paths: `plain`, and one a level
 */
export async function buildProgram({ input, name, levels }) {
  const code = await bundleProgram(input);
  const files = {};
  mkdirSync(OUTPUT, { recursive: true });
  for (const variant of ['plain', ...levels]) {
    files[variant] = join(OUTPUT, `${name}.${variant}.mjs`);
    writeFileSync(files[variant], compile(name, code, variant));
  }
  return files;
}

/** One ES module, of nothing but its own text and Node's modules. */
export async function bundleProgram(input) {
  // The libraries are this package's own dependencies, wherever the program lies.
  const resolveId = (specifier) => (/^[a-z@]/.test(specifier) && !isBuiltin(specifier) ? resolveHere(specifier) : null);
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'silent', plugins: [{ name: 'libraries', resolveId }] });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  return output[0].code;
}

function resolveHere(specifier) {
  try {
    return fileURLToPath(import.meta.resolve(specifier));
  } catch {
    return null;
  }
}

function compile(name, code, variant) {
  const before =
    variant === 'plain' ? [] : [createTransformer(undefined, { level: variant, root: OUTPUT, include: ['**/*'], exclude: [] }, { ts })];
  return ts.transpileModule(code, {
    fileName: join(OUTPUT, `${name}.mts`),
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    transformers: { before },
  }).outputText;
}
