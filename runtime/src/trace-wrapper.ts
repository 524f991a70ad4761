/**
 * `trace`: spans for functions that no plugin touched, as a wrapper and as a decorator of either standard. A wrapper is a
 * function of its own, so `name`, `length`, `this`, `new`, own properties and what is returned are kept as they were.
 */
import { MAX_PROBE_VALUES } from '@captureflow/core/probe-abi';
import type { Probes, Token } from '@captureflow/core/probe-abi';
import { builtin } from './builtin.ts';
import { callSite } from './call-site.ts';
import type { CallSite } from './call-site.ts';
import { decorate } from './trace-decorator.ts';
import { afterSettled, isNativePromise } from './native-promise.ts';
import { enterWith, valuesWith } from './probe-values.ts';
import { show } from './option-checks.ts';
import { warnOnce } from './warn.ts';
import { wrapperRecord } from './wrapper-record.ts';
import type { WrapperRecord } from './wrapper-record.ts';

export interface TraceOptions {
  /** Name of the span. Default: the function's own. */
  readonly name?: string;
  /**
   * For functions that return a promise. False (default): the promise itself is returned, untouched, and the span ends when the
   * function returns: observing a promise would hide its unhandled rejection. True: the caller gets a new promise
   * with the same outcome one microtask later, and the span ends with the value or the error that it settles with.
   */
  readonly settled?: boolean;
}

const OPTIONS: ReadonlySet<string> = new Set(['name', 'settled'] satisfies (keyof TraceOptions)[]);

export type AnyFunction = (...args: never[]) => unknown;
export type AnyClass = abstract new (...args: never[]) => unknown;

/** What `trace(name)` and `trace(options)` return: a wrapper and a decorator in one. */
export interface TraceDecorator {
  <F extends AnyFunction | AnyClass>(fn: F): F;
  <This, Value>(value: Value, context: DecoratorContextOf<This, Value>): Value;
  <This, Value>(value: undefined, context: ClassFieldDecoratorContext<This, Value>): (this: This, initial: Value) => Value;
  <T>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>): TypedPropertyDescriptor<T>;
}

/** Contexts of the decorators proposal (stage 3) in which there is a function to wrap. */
export type DecoratorContextOf<This, Value> =
  | (Value extends AnyFunction ? ClassMethodDecoratorContext<This> : never)
  | ClassGetterDecoratorContext<This>
  | ClassSetterDecoratorContext<This>
  | ClassAccessorDecoratorContext<This>;

export interface TraceFunction extends TraceDecorator {
  <F extends AnyFunction | AnyClass>(nameOrOptions: string | TraceOptions, fn: F): F;
  (nameOrOptions: string | TraceOptions): TraceDecorator;
}

/** Finds the name at the first recorded call, from `this`. */
export type LateName = (self: unknown, wrapper: unknown) => string;

/** Makes a wrapper of `fn`. `site`: where it is shown to be. */
export type Wrap = (fn: AnyFunction, name: string | LateName, site: CallSite) => AnyFunction;

/** `isRecording` is called before each call of a wrapper: recording may have to start first. */
export function createTrace(probes: Probes, isRecording: () => boolean): TraceFunction {
  const wrapWith =
    (options: TraceOptions): Wrap =>
    (fn, name, site) =>
      wrapFunction(probes, isRecording, options, fn, options.name ?? name, site);

  function trace(first: unknown, ...rest: unknown[]): unknown {
    if (typeof first === 'string' || isOptions(first, rest)) {
      const options: TraceOptions = typeof first === 'string' ? { name: first } : first;
      warnOfUnknown(options);
      const wrap = wrapWith(options);
      if (rest.length === 0) {
        const traceAs = (...args: unknown[]): unknown => apply(wrap, args, callSite(traceAs));
        return traceAs;
      }
      return apply(wrap, rest, callSite(trace));
    }
    return apply(wrapWith({}), [first, ...rest], callSite(trace));
  }
  return trace as TraceFunction;
}

function apply(wrap: Wrap, args: readonly unknown[], site: CallSite): unknown {
  const [value, second] = args;
  if (args.length > 1) return decorate(wrap, args, site);
  if (typeof value !== 'function' || second !== undefined) {
    warnOnce(
      'trace:value',
      `trace() takes a function or a class, as in trace(place) or trace('place', place); it was given ${show(value)} and gives it back as it is`,
    );
    return value;
  }
  return wrap(value as AnyFunction, ownName(value), site);
}

/** Told, not thrown: a wrong word in a decorator must not end the program. */
function warnOfUnknown(options: TraceOptions): void {
  for (const key of Object.keys(options)) {
    if (!OPTIONS.has(key)) warnOnce(`trace:${key}`, `trace() has no option ${JSON.stringify(key)}; valid are ${[...OPTIONS].join(', ')}`);
  }
}

/** `trace(options)` or `trace(options, fn)`; a legacy decorator's first argument is an object too, but a key follows it. */
function isOptions(first: unknown, rest: readonly unknown[]): first is TraceOptions {
  return typeof first === 'object' && first !== null && (rest.length === 0 || (rest.length === 1 && typeof rest[0] === 'function'));
}

/** The own data property: a `static name()` of a class must not run. */
export function ownName(fn: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' && name !== '' ? name : '<anonymous>';
}

/** Carries the token of the wrapper that work after an `await` of code without probes belongs to. */
let openWrapper: { getStore(): Token | undefined; run<T>(token: Token, work: () => T): T } | undefined;

function context(): NonNullable<typeof openWrapper> {
  if (openWrapper === undefined) {
    const hooks = builtin('node:async_hooks');
    // Created at the first recorded call: on Node 20 its mere existence costs every await.
    openWrapper = hooks === undefined ? { getStore: () => undefined, run: (_token, work) => work() } : new hooks.AsyncLocalStorage<Token>();
  }
  return openWrapper;
}

function wrapFunction(
  probes: Probes,
  isRecording: () => boolean,
  options: TraceOptions,
  fn: AnyFunction,
  name: string | LateName,
  site: CallSite,
): AnyFunction {
  let record: WrapperRecord | undefined;
  let id = 0;

  const open = (self: unknown, args: readonly unknown[]): Token => {
    if (record === undefined) {
      record = wrapperRecord(fn, typeof name === 'string' ? name : name(self, wrapper), site);
      id = probes.register(record.module);
    }
    const values = record.select(args);
    const token = enterWith(probes, id, openWrapper?.getStore() ?? 0, values);
    if (token !== 0 && values.length > MAX_PROBE_VALUES) valuesWith(probes, token, 0, values.slice(MAX_PROBE_VALUES));
    return token;
  };

  const call: Call = (run, self, args) => {
    const token = isRecording() ? open(self, args) : 0;
    if (token === 0) return run();
    let result: unknown;
    try {
      result = context().run(token, run);
    } catch (error) {
      throw probes.thrown(token, error, 0);
    }
    if (options.settled === true && isNativePromise(result)) {
      probes.suspend(token, undefined);
      return afterSettled(
        result,
        (value) => probes.exit(token, value),
        (error) => void probes.thrown(token, error, 0),
      );
    }
    probes.exit(token, result);
    return result;
  };

  const wrapper = likeOriginal(fn, call);
  return wrapper;
}

type Call = (run: () => unknown, self: unknown, args: readonly unknown[]) => unknown;

function likeOriginal(fn: AnyFunction, call: Call): AnyFunction {
  // Methods, arrows and async functions have no `prototype` and cannot be called with `new`; neither can a method.
  const wrapper: object = Object.hasOwn(fn, 'prototype')
    ? function (this: unknown, ...args: never[]): unknown {
        if (new.target === undefined) return call(() => Reflect.apply(fn, this, args), this, args);
        const target: unknown = new.target;
        return call(() => Reflect.construct(fn, args, target === wrapper ? fn : (target as AnyFunction)), undefined, args);
      }
    : {
        method(this: unknown, ...args: never[]): unknown {
          return call(() => Reflect.apply(fn, this, args), this, args);
        },
      }.method;
  for (const key of Reflect.ownKeys(fn)) {
    const descriptor = Object.getOwnPropertyDescriptor(fn, key);
    if (descriptor !== undefined) Reflect.defineProperty(wrapper, key, descriptor);
  }
  // Inherited statics of a class.
  Reflect.setPrototypeOf(wrapper, Reflect.getPrototypeOf(fn));
  return wrapper as AnyFunction;
}
