/** Strict checks of options, for `start` and for the exporters. Must not know a single option. */
import { OptionsError } from './option-errors.ts';

/** @throws {OptionsError} naming `path`. */
export type Check = (value: unknown, path: string) => void;

export function integer(low: number, high: number): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
      throw new OptionsError('OPTION_RANGE', path, `must be an integer from ${low} to ${high}, not ${show(value)}`);
    }
  };
}

export function share(zero: 'with 0' | 'without 0'): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1) || (value === 0 && zero === 'without 0')) {
      const range = zero === 'with 0' ? 'from 0 to 1' : 'over 0 and up to 1';
      throw new OptionsError('OPTION_RANGE', path, `must be a number ${range}, not ${show(value)}`);
    }
  };
}

export function between(low: number, high: number, wanted: string): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !(value >= low && value <= high)) {
      throw new OptionsError('OPTION_RANGE', path, `must be ${wanted}, not ${show(value)}`);
    }
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !allowed.includes(value)) {
      throw new OptionsError('OPTION_CHOICE', path, `must be one of ${allowed.map((word) => `'${word}'`).join(', ')}, not ${show(value)}`);
    }
  };
}

export function ofType(type: 'boolean' | 'function'): Check {
  return (value, path) => {
    if (typeof value !== type) throw new OptionsError('OPTION_TYPE', path, `must be a ${type}, not ${show(value)}`);
  };
}

export const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '')
    throw new OptionsError('OPTION_TYPE', path, `must be a string with something in it, not ${show(value)}`);
};

/** Every key known to `checks`, every value right; an undefined value counts as absent. `path`: of the object, '' for the options themselves. */
export function checkObject(value: unknown, path: string, checks: Readonly<Record<string, Check>>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionsError('OPTION_TYPE', path === '' ? 'options' : path, `must be an object, not ${show(value)}`);
  }
  for (const [key, entry] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) throw new OptionsError('OPTION_UNKNOWN', at, `is unknown${suggestion(key, Object.keys(checks))}`);
    if (entry !== undefined) check(entry, at);
  }
}

/** A value as an error's message names it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return `a ${typeof value}`;
}

function suggestion(key: string, valid: readonly string[]): string {
  let best = '';
  let least = Math.max(2, Math.floor(key.length / 2)) + 1;
  for (const name of valid) {
    const distance = editDistance(key.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best === '' ? `; valid are ${valid.join(', ')}` : `; did you mean ${JSON.stringify(best)}?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
