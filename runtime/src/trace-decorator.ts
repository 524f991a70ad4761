/** `@trace` for both decorator standards: tells them apart by what the compiler passes, and wraps what there is to wrap. */
import { builtin } from './builtin.ts';
import type { CallSite } from './call-site.ts';
import type { AnyFunction, LateName, Wrap } from './trace-wrapper.ts';
import { warnOnce } from './warn.ts';

interface StandardContext {
  readonly kind: string;
  readonly name: string | symbol;
  readonly private?: boolean;
}

/** `args`: `(value, context)` of the standard decorators, `(target, key, descriptor?)` of the legacy ones, or `(fn)` behind a name. */
export function decorate(wrap: Wrap, args: readonly unknown[], site: CallSite): unknown {
  const [first, second, third] = args;
  if (isStandard(second)) return decorateStandard(wrap, first, second, site);
  if (typeof second === 'string' || typeof second === 'symbol') return decorateLegacy(wrap, first, second, third, site);
  warnOnce('trace', '@trace can only stand before methods, getters, setters, accessors and fields; another use is left as it is');
  return first;
}

function isStandard(value: unknown): value is StandardContext {
  return typeof value === 'object' && value !== null && typeof (value as Partial<StandardContext>).kind === 'string' && 'name' in value;
}

function decorateStandard(wrap: Wrap, value: unknown, context: StandardContext, site: CallSite): unknown {
  const { kind, name } = context;
  const shown = kind === 'field' || context.private === true ? keyName(name) : standardName(name);
  const wrapIf = (fn: unknown): unknown => (typeof fn === 'function' ? wrap(fn as AnyFunction, shown, site) : fn);
  switch (kind) {
    case 'method':
    case 'getter':
    case 'setter':
      return wrapIf(value);
    case 'accessor': {
      const { get, set } = value as { get: unknown; set: unknown };
      return { get: wrapIf(get), set: wrapIf(set) };
    }
    case 'field':
      return wrapIf;
    default:
      warnOnce('trace', `@trace cannot stand before a ${kind}; it is left as it is`);
      return undefined;
  }
}

/**
 * Standard decorators run before the class is there, so its name is looked up when the member is called: it is that of the class on the way
 * up from `this` that holds the wrapper. Reads own data properties only; a proxy would run its traps.
 */
function standardName(key: string | symbol): LateName {
  return (self, wrapper) => {
    const isProxy = builtin('node:util')?.types.isProxy;
    for (let holder: unknown = self; isObject(holder) && isProxy?.(holder) === false; holder = Object.getPrototypeOf(holder)) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      if (descriptor === undefined || ![descriptor.value, descriptor.get, descriptor.set].includes(wrapper)) continue;
      return memberName(holder, key);
    }
    return keyName(key);
  };
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function decorateLegacy(wrap: Wrap, target: unknown, key: string | symbol, descriptor: unknown, site: CallSite): unknown {
  if (typeof descriptor !== 'object' || descriptor === null) {
    warnOnce('trace', '@trace cannot stand before a field with legacy decorators; it is left as it is');
    return undefined;
  }
  const name = memberName(target, key);
  const result: PropertyDescriptor = { ...descriptor };
  for (const part of ['value', 'get', 'set'] as const) {
    const fn: unknown = result[part];
    if (typeof fn === 'function') result[part] = wrap(fn as AnyFunction, name, site);
  }
  return result;
}

/** `Cart.total`: the class itself holds a static member, and its prototype every other. */
function memberName(holder: unknown, key: string | symbol): string {
  const owner: unknown = typeof holder === 'function' ? holder : Object.getOwnPropertyDescriptor(holder as object, 'constructor')?.value;
  const className: unknown = typeof owner === 'function' ? Object.getOwnPropertyDescriptor(owner, 'name')?.value : undefined;
  return typeof className === 'string' && className !== '' ? `${className}.${keyName(key)}` : keyName(key);
}

function keyName(key: string | symbol): string {
  return typeof key === 'symbol' ? `[${key.description ?? ''}]` : key;
}
