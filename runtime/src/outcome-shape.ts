/**
 * The kind of outcome a call had, as a short text: equal for calls from which the same test would be written. Must run no code of the
 * value (H160 to H179).
 */
import { classInfoOf } from './class-info.ts';
import { isProxy } from './host-types.ts';
import { getOwnPropertyDescriptor, hasOwn, isArray, objectKeys } from './primordials.ts';

/** Keys of an object that tell its shape apart from others. */
const MOST_KEYS = 12;

/** Of what was returned: its type; of an object also its class and the types of what it holds directly. */
export function returnShape(value: unknown): string {
  return shape(value, 1);
}

/** Of what was thrown: its class. */
export function throwShape(error: unknown): string {
  return `throws ${shape(error, 0)}`;
}

function shape(value: unknown, levels: number): string {
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return value === value ? 'number' : 'NaN';
    case 'string':
      return value === '' ? 'empty string' : 'string';
    case 'object':
      return value === null ? 'null' : objectShape(value, levels);
    default:
      return typeof value;
  }
}

function objectShape(value: object, levels: number): string {
  // A browser cannot tell a proxy: looking closer could run its traps (H161).
  if (isProxy === undefined || isProxy(value)) return 'object';
  const { name, exotic } = classInfoOf(value);
  if (isArray(value)) return arrayShape(value as readonly unknown[], name, levels);
  if (exotic || levels === 0) return name;
  const keys = objectKeys(value);
  let text = name;
  for (let i = 0; i < keys.length && i < MOST_KEYS; i++) text += ` ${keys[i] as string}:${ownShape(value, keys[i] as string)}`;
  return text;
}

function arrayShape(value: readonly unknown[], name: string, levels: number): string {
  const size = value.length > 2 ? 'n' : String(value.length);
  return levels === 0 || value.length === 0 ? `${name}(${size})` : `${name}(${size}) ${ownShape(value, '0')}`;
}

function ownShape(value: object, key: string): string {
  const own = getOwnPropertyDescriptor(value, key);
  return own !== undefined && hasOwn(own, 'value') ? shape(own.value, 0) : 'accessor';
}
