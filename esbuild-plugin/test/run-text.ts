/** Runs CommonJS text in this process with probes that record nothing but pass every value through. Not a test. */
import { inspect } from 'node:util';
import vm from 'node:vm';
import { transformSync } from 'esbuild';
import { PROBE_NAMES } from '@captureflow/core';

/** Token 1 for every activation: every guard is passed. */
function createPassingProbes(calls: string[]): Record<string, unknown> {
  const probes: Record<string, unknown> = {};
  for (const name of PROBE_NAMES) {
    probes[name] = (...values: unknown[]) => {
      calls.push(name);
      if (name === 'gates') return new Int32Array(values[0] as number);
      if (name === 'register') return 1;
      return name.startsWith('enter') ? 1 : values[1];
    };
  }
  return probes;
}

export interface RunResult {
  readonly logs: readonly string[];
  /** Names of the probes that were called, in order. */
  readonly calls: readonly string[];
}

/** `code` logs with `log`. `loader`: how esbuild reads it; it takes the types away and nothing else. */
export async function runText(code: string, loader: 'js' | 'jsx' | 'ts' | 'tsx'): Promise<RunResult> {
  const logs: string[] = [];
  const calls: string[] = [];
  const plain = loader === 'js' ? code : transformSync(code, { loader, jsxFactory: 'h', target: 'es2022', tsconfigRaw: TSCONFIG }).code;
  const log = (...values: unknown[]): void => void logs.push(values.map((value) => inspect(value, { depth: 4 })).join(' '));
  const require = (name: string): unknown => {
    if (name.startsWith('@captureflow/runtime')) return createPassingProbes(calls);
    throw new Error(`no module ${name}`);
  };
  // Node takes a hashbang and a byte order mark away before it wraps.
  const wrapped = `(function (exports, require, module, log, h) {${plain.replace(/^\uFEFF?(#!.*)?/, '')}\n})`;
  try {
    const main = vm.runInThisContext(wrapped, { filename: 'text.js' }) as (...values: unknown[]) => unknown;
    await main.call({}, {}, require, {}, log, (...values: unknown[]) => values);
  } catch (error) {
    log('threw', String(error));
  }
  await new Promise((resolve) => setImmediate(resolve));
  return { logs, calls };
}

const TSCONFIG = { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: true } };
