/** Which values may be observed by `then` without running code of the program. */
import { builtin } from './builtin.ts';

// Kept from load time: zone.js and others replace both.
const isPromise = builtin('node:util')?.types.isPromise;
const prototype: Promise<unknown> = Promise.prototype;
const then = prototype.then;

/** A promise of the engine itself: no subclass, no thenable, no proxy, no own `constructor` or `then`. */
export function isNativePromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  if (isPromise !== undefined && !isPromise(value)) return false;
  return Object.getPrototypeOf(value) === prototype && !Object.hasOwn(value, 'constructor') && !Object.hasOwn(value, 'then');
}

/**
 * A new promise with the outcome of `promise`, one microtask later, after the handler has run. The handlers must not throw.
 * Whether a rejection is handled is decided by the new promise alone, so the program must be given that one.
 */
export function afterSettled<T>(promise: Promise<T>, onValue: (value: T) => void, onError: (error: unknown) => void): Promise<T> {
  const pass = (value: T): T => {
    onValue(value);
    return value;
  };
  const fail = (error: unknown): never => {
    onError(error);
    throw error;
  };
  return Reflect.apply(then, promise, [pass, fail]) as Promise<T>;
}
