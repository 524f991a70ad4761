/**
 * The Babel plugin: `plugins: ['@captureflow/babel-plugin']`. Wiring only: options in, per file read -> plan -> emit, errors out as Babel's.
 */
import { CaptureFlowError, type FileFacts, type Options, type Plan } from '@captureflow/core';
import { createProject } from '@captureflow/core/build';
import { fileURLToPath } from 'node:url';
import type { Babel, BabelFile } from './babel.ts';
import { withCodeFrame } from './code-frame.ts';
import { PLUGIN_NAME, readCompilerOrder } from './compiler-order.ts';
import { createInstrumenter } from './instrument.ts';

export type { Options } from '@captureflow/core';

/** What was read and decided for a file. */
export interface Inspection {
  readonly plan: Plan;
  readonly facts: FileFacts;
}

/** What the plugin is to Babel: its visitors and hooks. */
export interface BabelPlugin {
  readonly name: string;
  pre(file: never): void;
  readonly visitor: { readonly Program: { enter(path: unknown, state: never): void } };
}

const inspections = new WeakMap<object, Inspection>();

/** Plan and facts of a result of Babel's, for tests and tools: `inspect(result.metadata)`. Undefined: the plugin did not read that file. */
export function inspect(metadata: object): Inspection | undefined {
  return inspections.get(metadata);
}

/**
 * Babel calls it. `dirname`: folder of the configuration that names the plugin; module ids and globs count from there unless the option
 * `root` says otherwise. Throws OPTION_UNKNOWN, OPTION_INVALID and BABEL_UNSUPPORTED at once.
 */
export default function captureflow(api: object, options: Options | undefined, dirname: string): BabelPlugin {
  const babel = api as Babel;
  checkVersion(babel.version);
  watchOwnVersion(babel);
  const instrument = createInstrumenter(babel, createProject(options, dirname), dirname);
  const run = (file: BabelFile): void => {
    try {
      instrument(file, (plan, facts) => inspections.set(file.metadata, { plan, facts }));
    } catch (error) {
      throw withCodeFrame(error, file);
    }
  };
  return {
    name: PLUGIN_NAME,
    // Before any visitor: those of all plugins run merged, and would hand us code that is lowered already (H110).
    pre(file: BabelFile) {
      const order = readCompilerOrder(file);
      if (order === 'after') throw new CaptureFlowError('COMPILER_ORDER', {});
      if (order === 'none') run(file);
    },
    visitor: {
      Program: {
        enter(_path, { file }: { readonly file: BabelFile }) {
          if (readCompilerOrder(file) === 'before') run(file);
        },
      },
    },
  };
}

function checkVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if ((major === 7 && minor >= 20) || major === 8) return;
  throw new CaptureFlowError('BABEL_UNSUPPORTED', { version });
}

/** Whoever caches what Babel makes asks which files it came from: an update of this one makes another program (H117). */
function watchOwnVersion(babel: Babel): void {
  const own = fileURLToPath(import.meta.url);
  babel.cache.using(() => own);
  babel.addExternalDependency(own);
}
