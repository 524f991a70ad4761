/** A function as a value: its form and its own name, never its text. `v` is no proxy. */
import { Tag } from '@captureflow/trace/wire';
import { ownName } from './class-info.ts';
import { cursor } from './cursor.ts';
import { hostTypes } from './host-types.ts';
import { getOwnPropertyDescriptor, hasOwn } from './primordials.ts';

const PLAIN = 0;
const CLASS = 1;
const ASYNC = 2;
const GENERATOR = 3;
const ASYNC_GENERATOR = 4;

export function captureFunction(v: object): void {
  const c = cursor;
  const name = ownName(v);
  const form = formOf(v);
  c.ops[c.at++] = Tag.FUNCTION | (form << 5);
  c.refs[c.refsPos++] = name;
  c.stringBytes += name.length;
}

function formOf(v: object): number {
  const isAsync = hostTypes?.isAsyncFunction(v) === true;
  if (hostTypes?.isGeneratorFunction(v) === true) return isAsync ? ASYNC_GENERATOR : GENERATOR;
  if (isAsync) return ASYNC;
  // Only classes (the engine's own ones too) have a `prototype` that cannot be written.
  const own = getOwnPropertyDescriptor(v, 'prototype');
  return own !== undefined && hasOwn(own, 'value') && own.writable === false ? CLASS : PLAIN;
}
