/**
 * The class of an object by its prototypes, found without running code: no `constructor` or `name` getter, no
 * Symbol.toStringTag, no proxy among the prototypes (H163). Remembered by prototype.
 */
import { isProxy } from './host-types.ts';
import {
  exoticPrototypes,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  objectPrototype,
  setHas,
  weakGet,
  weakSet,
} from './primordials.ts';

export interface ClassInfo {
  /** '' when unknown. */
  readonly name: string;
  /** False: an ordinary object of this realm. True: it may have internal slots. */
  readonly exotic: boolean;
}

const UNKNOWN: ClassInfo = { name: '', exotic: true };
export const PLAIN: ClassInfo = { name: 'Object', exotic: false };
export const NULL_PROTOTYPE: ClassInfo = { name: '', exotic: false };
const LONGEST_CHAIN = 64;
const LONGEST_NAME = 100;
const remembered = new WeakMap<object, ClassInfo>();

/** `value` must not be a proxy. */
export function classInfoOf(value: object): ClassInfo {
  const prototype = getPrototypeOf(value);
  if (prototype === objectPrototype) return PLAIN;
  if (prototype === null) return NULL_PROTOTYPE;
  const known = weakGet(remembered, prototype) as ClassInfo | undefined;
  if (known !== undefined) return known;
  const info = readClassInfo(prototype);
  weakSet(remembered, prototype, info);
  return info;
}

function readClassInfo(prototype: object): ClassInfo {
  let name: string | undefined;
  let link: object | null = prototype;
  for (let steps = 0; link !== null; steps++) {
    if (isProxy === undefined || isProxy(link) || steps === LONGEST_CHAIN) return { name: name ?? '', exotic: true };
    name ??= constructorName(link);
    if (setHas(exoticPrototypes, link)) return { name: name ?? '', exotic: true };
    if (link === objectPrototype) return { name: name ?? '', exotic: false };
    link = getPrototypeOf(link);
  }
  // Ends in another realm's Object.prototype (H170), or in a null prototype.
  return name === undefined ? UNKNOWN : { name, exotic: true };
}

function constructorName(prototype: object): string | undefined {
  const own = getOwnPropertyDescriptor(prototype, 'constructor');
  if (own === undefined || !hasOwn(own, 'value')) return undefined;
  const maker: unknown = own.value;
  if (typeof maker !== 'function' || isProxy === undefined || isProxy(maker)) return undefined;
  return ownName(maker);
}

/** The own data property `name` of a function that is no proxy; '' when it has none or an accessor (H164). */
export function ownName(fn: object): string {
  const own = getOwnPropertyDescriptor(fn, 'name');
  if (own === undefined || !hasOwn(own, 'value')) return '';
  const name: unknown = own.value;
  return typeof name === 'string' ? (name.length > LONGEST_NAME ? '' : name) : '';
}
