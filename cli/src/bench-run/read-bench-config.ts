/** `captureflow.bench.json`: the programs of a project and what recording may cost them. Strict: an unknown key is an error. */
import { readFileSync } from 'node:fs';
import { InputError } from '../input-error.ts';
import type { BenchProgram, Budget } from './bench-program.ts';
import { splitCommand } from './split-command.ts';

export const BENCH_CONFIG = 'captureflow.bench.json';

/**
 * The file holds `{ programs: { [name]: { command, plain?, register?, env?, budget? } } }`; commands are a text or a list of words, `budget` is a number (for
 * recording) or `{ on?, off? }`.
 * @throws {InputError} naming the file and the key
 */
export function readBenchConfig(file: string): readonly BenchProgram[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new InputError(
        `what shall be measured? Say "captureflow bench -- node app.js", or write ${BENCH_CONFIG} (there is none at ${file})`,
        2,
      );
    }
    throw new InputError(`${file} ${code === undefined ? 'is no JSON' : 'cannot be read'}: ${message}`, 2);
  }
  const fail: Fail = (path, problem) => {
    throw new InputError(`${file}: ${path} ${problem}`, 2);
  };
  const { programs } = object(value, 'the file', ['programs'], fail);
  const entries = Object.entries(object(programs, 'programs', undefined, fail));
  if (entries.length === 0) fail('programs', 'is empty');
  return entries.map(([name, entry]) => readProgram(name, entry, fail));
}

type Fail = (path: string, problem: string) => never;

function readProgram(name: string, value: unknown, fail: Fail): BenchProgram {
  const at = `programs.${name}`;
  const { command, plain, register, env, budget } = object(value, at, ['command', 'plain', 'register', 'env', 'budget'], fail);
  if (register !== undefined && typeof register !== 'boolean') fail(`${at}.register`, 'must be true or false');
  if (register === true && plain !== undefined) fail(at, 'has both "plain" and "register": with "register", plain is the command itself');
  const environment = env === undefined ? {} : object(env, `${at}.env`, undefined, fail);
  for (const [key, text] of Object.entries(environment)) if (typeof text !== 'string') fail(`${at}.env.${key}`, 'must be a text');
  return checkBudget(
    {
      name,
      command: words(command, `${at}.command`, fail),
      ...(plain === undefined ? {} : { plain: words(plain, `${at}.plain`, fail) }),
      register: register === true,
      env: environment as Record<string, string>,
      budget: readBudget(budget, `${at}.budget`, fail),
    },
    (problem) => fail(`${at}.budget`, problem),
  );
}

/** A budget that nothing is measured for would be kept for ever. */
export function checkBudget(program: BenchProgram, fail: (problem: string) => never): BenchProgram {
  if (program.budget.off !== undefined && program.plain === undefined && program.register !== true) {
    fail('"off" needs a plain program to compare with: say which with "plain", or "register"');
  }
  return program;
}

function readBudget(value: unknown, at: string, fail: Fail): Budget {
  if (value === undefined) return {};
  if (isRatio(value)) return { on: value };
  const { on, off } = object(value, at, ['on', 'off'], fail);
  for (const [key, ratio] of Object.entries({ on, off })) {
    if (ratio !== undefined && !isRatio(ratio)) fail(`${at}.${key}`, 'must be a number over 0, such as 1.25 (times plain)');
  }
  return { ...(isRatio(on) ? { on } : {}), ...(isRatio(off) ? { off } : {}) };
}

export function isRatio(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY;
}

function words(value: unknown, at: string, fail: Fail): readonly string[] {
  if (typeof value === 'string') return splitCommand(value);
  if (Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')) return value as string[];
  return fail(at, 'must be a command such as "node app.js", or its words as a list');
}

function object(value: unknown, at: string, keys: readonly string[] | undefined, fail: Fail): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(at, 'must be an object');
  const unknown = keys === undefined ? undefined : Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) fail(at, `has an unknown key "${unknown}"; there are ${(keys ?? []).join(', ')}`);
  return value as Record<string, unknown>;
}
