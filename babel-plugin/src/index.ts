/**
 * The Babel plugin: `plugins: ['@captureflow/babel-plugin']`. Wiring only: options in, per file read -> plan -> emit.
 */
import type { types } from '@babel/core';
import { type FileFacts, type Options, type Plan } from '@captureflow/core';
import { createProject } from '@captureflow/core/build';
import { join } from 'node:path';
import type { Babel, BabelFile } from './babel.ts';
import { emit } from './emit.ts';
import { read } from './read.ts';

export type { Options } from '@captureflow/core';

/** What was read and decided for a file. */
export interface Inspection {
  readonly plan: Plan;
  readonly facts: FileFacts;
}

const inspections = new WeakMap<object, Inspection>();
const instrumented = new WeakSet<types.Program>();

/** Plan and facts of a result of Babel's: `inspect(result.metadata)`. Undefined: the plugin did not read that file. */
export function inspect(metadata: object): Inspection | undefined {
  return inspections.get(metadata);
}

export interface BabelPlugin {
  readonly name: string;
  pre(this: unknown, file: BabelFile): void;
  readonly visitor: Record<string, never>;
}

/** `dirname`: folder of the configuration that names the plugin; `root` and every glob count from there. Throws for bad options. */
export default function captureflow(api: Babel, options: Options, dirname: string): BabelPlugin {
  const project = createProject(options, dirname);
  return {
    name: '@captureflow/babel-plugin',
    // Before any visitor: those of all plugins run merged, and would hand us code that is lowered already (H110).
    pre(file) {
      const fileName = file.opts.filename ?? join(dirname, 'unknown.js');
      const { program } = file.ast;
      const { code: source } = file;
      if (instrumented.has(program) || !project.includes(fileName)) return;
      instrumented.add(program);
      const facts = read(file.ast, source, detectKind(program));
      const plan = project.plan({ fileName, source, facts });
      inspections.set(file.metadata, { plan, facts });
      if (plan.functions.length === 0) return;
      emit(api, { program, source, fileName }, plan);
      file.path.scope.crawl();
    },
    visitor: {},
  };
}

function detectKind(program: types.Program): FileFacts['kind'] {
  return program.body.some((statement) => /^(?:Import|Export)/.test(statement.type)) ? 'esm' : 'cjs';
}
