/**
 * A case as two programs: bundled (with the library it is about) into one file, plain and through the transformer at level
 * `locals`. Both go through the same compiler, so that they differ by the instrumentation only.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import ts from 'typescript';

const require = createRequire(import.meta.url);
const transformer = require('@captureflow/transformer');
const createTransformer = transformer.default ?? transformer;

/** Under `node_modules`, so that emitted code resolves the runtime as a user's program does. */
const OUTPUT = fileURLToPath(new URL('../node_modules/.cache/captureflow/bench/', import.meta.url));

/** Returns the paths of the two programs: `{ plain, instrumented }`. */
export async function buildCase(name) {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`cases/${name}.js`, import.meta.url)),
    platform: 'node',
    logLevel: 'silent',
    plugins: [
      { name: 'libraries', resolveId: (specifier) => (/^[a-z]/.test(specifier) && !isBuiltin(specifier) ? findLibrary(specifier) : null) },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  const code = output[0].code;
  const files = { plain: join(OUTPUT, `${name}.plain.mjs`), instrumented: join(OUTPUT, `${name}.instrumented.mjs`) };
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(files.plain, compile(name, code, []));
  writeFileSync(
    files.instrumented,
    compile(name, code, [createTransformer(undefined, { level: 'locals', root: OUTPUT, include: ['**/*'] }, { ts })]),
  );
  return files;
}

function compile(name, code, before) {
  return ts.transpileModule(code, {
    fileName: join(OUTPUT, `${name}.mts`),
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    transformers: { before },
  }).outputText;
}

/** Libraries that only tools of this workspace depend on are found from there. */
function findLibrary(specifier) {
  for (const from of ['zod', '@arethetypeswrong/cli', 'knip']) {
    try {
      const base = createRequire(join(dirname(findPackage(from)), 'index.js'));
      return base.resolve(specifier);
    } catch {}
  }
  throw new Error(`no ${specifier} in this workspace`);
}

function findPackage(name) {
  const folder = require.resolve.paths(name).map((path) => join(path, name, 'package.json'));
  return folder.find((path) => ts.sys.fileExists(path)) ?? '';
}
