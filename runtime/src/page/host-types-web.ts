/**
 * What `host-types.ts` is in the build for browsers and edge runtimes. The language has no way to tell a proxy from an object without running its traps, so
 * that objects are looked into only where `watchProxies` has seen every proxy being made, or the host can tell (Node's modules in workerd, Deno, Bun).
 */
import { builtin } from '../builtin.ts';
import {
  bufferByteLength,
  dateTime,
  exoticPrototypes,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  mapSize,
  regexpSource,
  setHas,
  setSize,
  sharedByteLength,
} from '../primordials.ts';

export type HostTypes = typeof import('node:util').types;

export let hostTypes: HostTypes | undefined = builtin('node:util')?.types;
export let isProxy: ((value: unknown) => boolean) | undefined = hostTypes?.isProxy;

/**
 * Puts a function in the place of `Proxy` that makes the same proxies and remembers them. What was made before is not known, and may have its traps run by
 * the recorder: to be called before the program makes any. Once; nothing where the host tells by itself.
 */
export function watchProxies(): void {
  if (isProxy !== undefined) return;
  const made = new WeakSet<object>();
  const { Proxy: RealProxy, Reflect: reflect } = globalThis;
  const add = made.add.bind(made);
  const has = made.has.bind(made);
  const { construct, apply, get } = reflect;
  const revocable = RealProxy.revocable;
  const watchedRevocable = new RealProxy(revocable, {
    apply(target, self, args) {
      const pair = apply(target, self, args) as { proxy: object };
      add(pair.proxy);
      return pair;
    },
  });
  const watched = new RealProxy(RealProxy, {
    construct(target, args) {
      const proxy = construct(target, args) as object;
      add(proxy);
      return proxy;
    },
    get: (target, key, self) => (key === 'revocable' && target.revocable === revocable ? watchedRevocable : get(target, key, self)),
  });
  add(watched);
  add(watchedRevocable);
  Object.defineProperty(globalThis, 'Proxy', { value: watched, writable: true, configurable: true, enumerable: false });
  isProxy = has as (value: unknown) => boolean;
  hostTypes = webTypes() as HostTypes;
}

type Check = (value: object) => boolean;

/** True where the getter of an internal slot does not throw. `value` is no proxy, in none of these. */
function bySlot(read: (self: unknown) => unknown): Check {
  return (value) => {
    try {
      read(value);
      return true;
    } catch {
      return false;
    }
  };
}

/** Where there is no slot that can be asked for: an object that inherits from the prototype. */
function byPrototype(...prototypes: readonly object[]): Check {
  return (value) => {
    for (let link = getPrototypeOf(value); link !== null; link = getPrototypeOf(link)) {
      if (prototypes.includes(link)) return true;
      // A proxy among the prototypes is not asked for its own.
      if (isProxy?.(link) !== false || setHas(exoticPrototypes, link)) return false;
    }
    return false;
  };
}

function webTypes(): Partial<Record<keyof HostTypes, Check>> {
  const uncurry = (method: (...args: never[]) => unknown): ((self: unknown) => unknown) =>
    Function.prototype.call.bind(method as never) as never;
  const anyOf =
    (...checks: readonly Check[]): Check =>
    (value) =>
      checks.some((check) => check(value));
  const isError = (Error as { isError?: (value: unknown) => boolean }).isError;
  const asyncFunction: object = getPrototypeOf(async () => {}) as object;
  const generatorFunction: object = getPrototypeOf(function* () {}) as object;
  const asyncGeneratorFunction: object = getPrototypeOf(async function* () {}) as object;
  return {
    isNativeError: isError ?? byPrototype(Error.prototype),
    isMap: bySlot(mapSize),
    isSet: bySlot(setSize),
    isDate: bySlot(dateTime),
    isRegExp: bySlot(regexpSource),
    isPromise: byPrototype(Promise.prototype),
    isArrayBuffer: bySlot(bufferByteLength),
    isSharedArrayBuffer: typeof SharedArrayBuffer === 'function' ? bySlot(sharedByteLength) : () => false,
    isBoxedPrimitive: anyOf(
      ...[
        Number.prototype.valueOf,
        String.prototype.valueOf,
        Boolean.prototype.valueOf,
        Symbol.prototype.valueOf,
        BigInt.prototype.valueOf,
      ].map((method) => bySlot(uncurry(method))),
    ),
    isWeakMap: bySlot(uncurry(WeakMap.prototype.has as never)),
    isWeakSet: bySlot(uncurry(WeakSet.prototype.has as never)),
    isGeneratorObject: byPrototype(getPrototypeOf(function* () {}.prototype) as object),
    isMapIterator: byPrototype(getPrototypeOf(new Map().entries()) as object),
    isSetIterator: byPrototype(getPrototypeOf(new Set().values()) as object),
    isExternal: () => false,
    isModuleNamespaceObject: (value) => {
      const tag = getOwnPropertyDescriptor(value, Symbol.toStringTag);
      return tag?.value === 'Module' && tag.configurable === false && tag.enumerable === false;
    },
    isAsyncFunction: byPrototype(asyncFunction, asyncGeneratorFunction),
    isGeneratorFunction: byPrototype(generatorFunction, asyncGeneratorFunction),
  };
}
