/**
 * Compiles a program with Babel, plain or instrumented, and runs it with a recorder that forgives nothing. What the tests of neighbours share.
 */
import { type PluginItem, transformSync, type TransformOptions } from '@babel/core';
import captureflow, { inspect, type Inspection, type Options } from '../src/index.ts';
// oxlint-disable-next-line no-restricted-imports -- the one recorder that forgives nothing; a private package of tests
import { createStrictRecorder, type StrictRecorder } from '../../fixtures/strict-recorder.ts';

export interface Compilation {
  readonly code: string;
  readonly map: NonNullable<NonNullable<ReturnType<typeof transformSync>>['map']>;
  /** Undefined for a plain one. */
  readonly inspection: Inspection | undefined;
}

/** Plugins around ours; `[]` stands for none. */
export interface Setup extends Omit<TransformOptions, 'plugins'> {
  readonly before?: readonly PluginItem[];
  readonly after?: readonly PluginItem[];
}

/** A folder where the runtime resolves. */
export const FOLDER: string = new URL('.', import.meta.url).pathname;

/** `options` undefined: without our plugin. */
export function compile(source: string, setup: Setup, options: Options | undefined): Compilation {
  const { before = [], after = [], ...rest } = setup;
  const own: PluginItem[] = options === undefined ? [] : [[captureflow, options]];
  const result = transformSync(source, {
    configFile: false,
    babelrc: false,
    compact: false,
    // CI has colours on.
    highlightCode: false,
    sourceMaps: true,
    filename: `${FOLDER}program.js`,
    ...rest,
    plugins: [...before, ...own, ...after],
  });
  if (typeof result?.code !== 'string' || !result.map) throw new Error('Babel made nothing of the program');
  return { code: result.code, map: result.map, inspection: inspect(result.metadata ?? {}) };
}

export interface Run {
  readonly logs: readonly string[];
  readonly recorder: StrictRecorder;
}

/** Runs CommonJS code whose `run(log)` is the program. `modules`: what it may require beside the runtime. */
export async function run(code: string, modules: Readonly<Record<string, unknown>> = {}, on = true): Promise<Run> {
  const recorder = createStrictRecorder(on);
  const module = { exports: {} as { run?: (log: (...values: unknown[]) => void) => unknown } };
  const require = (name: string): unknown => {
    if (name === '@captureflow/runtime/probe-1') return recorder.probes;
    if (name in modules) return modules[name];
    throw new Error(`nobody gave the program ${name}`);
  };
  // oxlint-disable-next-line no-new-func -- the program under test
  new Function('module', 'exports', 'require', 'jest', code)(module, module.exports, require, modules['jest']);
  const logs: string[] = [];
  await module.exports.run?.(
    (...values) => void logs.push(values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ')),
  );
  return { logs, recorder };
}

/** What is wrong with a run of an instrumented program, beside what it logged. */
export function problemsOf({ recorder }: Run): readonly string[] {
  const open = recorder.spans.filter((span) => span.state === 'running').map((span) => `${span.record[0]} was entered and never left`);
  return [...recorder.violations, ...open];
}

export function spanNames({ recorder }: Run): readonly string[] {
  return recorder.spans.map((span) => span.record[0]);
}
