/**
 * The language's built-ins as they were when this file was loaded (H173): what a program patches later neither runs during a
 * capture nor changes what is recorded. Capture code takes every built-in from here and calls no method on a value.
 */

type Uncurried<F> = F extends (...args: infer A) => infer R ? (self: unknown, ...args: A) => R : never;

function uncurry<F>(method: F): Uncurried<F> {
  return Function.prototype.call.bind(method as never) as Uncurried<F>;
}

function getterOf(prototype: object, key: PropertyKey): (self: unknown) => unknown {
  const getter = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  return getter === undefined ? () => undefined : uncurry(getter as () => unknown);
}

export const getOwnPropertyDescriptor: typeof Object.getOwnPropertyDescriptor = Object.getOwnPropertyDescriptor;
export const getPrototypeOf: (value: object) => object | null = Object.getPrototypeOf;
export const hasOwn: (value: object, key: PropertyKey) => boolean = Object.hasOwn;
export const objectKeys: (value: object) => string[] = Object.keys;
export const ownNames: (value: object) => string[] = Object.getOwnPropertyNames;
/** Of an own accessor property its getter; runs nothing. A third of the price of a descriptor where the key is an index. */
export const lookupGetter: (self: unknown, key: PropertyKey) => unknown = uncurry(
  (Object.prototype as unknown as { __lookupGetter__: (key: PropertyKey) => unknown }).__lookupGetter__,
) as never;
export const is: (a: unknown, b: unknown) => boolean = Object.is;
export const objectPrototype: object = Object.prototype;
export const isArray: (value: unknown) => boolean = Array.isArray;
export const isView: (value: unknown) => boolean = ArrayBuffer.isView;

export const max: typeof Math.max = Math.max;
export const min: typeof Math.min = Math.min;
export const round: typeof Math.round = Math.round;
export const ceil: typeof Math.ceil = Math.ceil;
export const log2: typeof Math.log2 = Math.log2;

export const stringSlice: (self: unknown, start?: number, end?: number) => string = uncurry(String.prototype.slice);
export const symbolDescription: (self: unknown) => string | undefined = getterOf(Symbol.prototype, 'description') as never;
export const charCodeAt: (self: unknown, index: number) => number = uncurry(String.prototype.charCodeAt);
const arrayFrom = Array.from;
const arrayPrototype = Array.prototype;
const { defineProperty } = Reflect;
/** So many times undefined, as elements of the array's own: assigning to a hole would run a setter on `Array.prototype` (H173). */
export function arrayOf<T>(length: number): (T | undefined)[] {
  for (let i = 0; i < length; i++) {
    if (i in arrayPrototype) return arrayFrom<T | undefined>({ __proto__: null, length } as unknown as ArrayLike<T>);
  }
  // A tenth of the time: a thousand elements took 60 us, and a program that begins takes a hundred chunks.
  return arrayFill(new Array<T | undefined>(length), undefined) as (T | undefined)[];
}
/** Writes an element of the array's own, for the same reason. A definition takes 1 to 1.5 us, and each root adds to five lists. */
export function setOwn<T>(list: T[], index: number, value: T): void {
  if (!(index in arrayPrototype)) list[index] = value;
  else defineProperty(list, index, { __proto__: null, value, writable: true, enumerable: true, configurable: true } as PropertyDescriptor);
}
export function append<T>(list: T[], value: T): void {
  setOwn(list, list.length, value);
}
export const arrayFill: (self: unknown, value: unknown, start?: number, end?: number) => unknown = uncurry(Array.prototype.fill);
export const arraySplice: (self: unknown, start: number, deleteCount: number) => unknown[] = uncurry(Array.prototype.splice) as never;
export const arrayJoin: (self: unknown, separator: string) => string = uncurry(Array.prototype.join) as never;

export const mapSize: (self: unknown) => number = getterOf(Map.prototype, 'size') as never;
export const mapHas: (self: unknown, key: unknown) => boolean = uncurry(Map.prototype.has) as never;
export const mapGet: (self: unknown, key: unknown) => unknown = uncurry(Map.prototype.get) as never;
export const mapSet: (self: unknown, key: unknown, value: unknown) => unknown = uncurry(Map.prototype.set) as never;
export const mapEntries: (self: unknown) => object = uncurry(Map.prototype.entries) as never;
export const mapNext: (self: unknown) => { done?: boolean; value: [unknown, unknown] } = uncurry(
  Object.getPrototypeOf(new Map().entries()).next,
) as never;
export const setSize: (self: unknown) => number = getterOf(Set.prototype, 'size') as never;
export const setValues: (self: unknown) => object = uncurry(Set.prototype.values) as never;
export const setNext: (self: unknown) => { done?: boolean; value: unknown } = uncurry(
  Object.getPrototypeOf(new Set().values()).next,
) as never;

export const dateTime: (self: unknown) => number = uncurry(Date.prototype.getTime);
export const regexpSource: (self: unknown) => string = getterOf(RegExp.prototype, 'source') as never;

/** Flag letter and its internal-slot getter: the getter `flags` itself reads properties that a program may define. */
export const regexpFlags: readonly (readonly [string, (self: unknown) => unknown])[] = [
  ['d', getterOf(RegExp.prototype, 'hasIndices')],
  ['g', getterOf(RegExp.prototype, 'global')],
  ['i', getterOf(RegExp.prototype, 'ignoreCase')],
  ['m', getterOf(RegExp.prototype, 'multiline')],
  ['s', getterOf(RegExp.prototype, 'dotAll')],
  ['u', getterOf(RegExp.prototype, 'unicode')],
  ['v', getterOf(RegExp.prototype, 'unicodeSets')],
  ['y', getterOf(RegExp.prototype, 'sticky')],
];

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype);
/** Copies the elements of `from` to the beginning of a typed array. */
export const typedArraySubarray: (self: Int32Array, begin: number, end: number) => Int32Array = uncurry(
  Uint8Array.prototype.subarray,
) as never;
export const typedArraySet: (self: unknown, from: ArrayLike<number>, at?: number) => void = uncurry(Uint8Array.prototype.set) as never;
export const typedArrayFill: (self: unknown, value: number) => void = uncurry(Uint8Array.prototype.fill) as never;
/** 'Uint8Array' …; undefined for what is no typed array. */
export const typedArrayName: (self: unknown) => string | undefined = getterOf(typedArrayPrototype, Symbol.toStringTag) as never;
export const typedArrayLength: (self: unknown) => number = getterOf(typedArrayPrototype, 'length') as never;
export const typedArrayByteLength: (self: unknown) => number = getterOf(typedArrayPrototype, 'byteLength') as never;
export const typedArrayBuffer: (self: unknown) => ArrayBuffer = getterOf(typedArrayPrototype, 'buffer') as never;
export const typedArrayByteOffset: (self: unknown) => number = getterOf(typedArrayPrototype, 'byteOffset') as never;
export const bufferByteLength: (self: unknown) => number = getterOf(ArrayBuffer.prototype, 'byteLength') as never;
export const sharedByteLength: (self: unknown) => number =
  typeof SharedArrayBuffer === 'function' ? (getterOf(SharedArrayBuffer.prototype, 'byteLength') as never) : () => -1;
export const viewByteLength: (self: unknown) => number = getterOf(DataView.prototype, 'byteLength') as never;
export const viewByteOffset: (self: unknown) => number = getterOf(DataView.prototype, 'byteOffset') as never;
export const viewBuffer: (self: unknown) => ArrayBuffer = getterOf(DataView.prototype, 'buffer') as never;
export const Bytes: typeof Uint8Array = Uint8Array;

const iteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
const asyncIteratorPrototype: object = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype));

/** An object with one of these among its prototypes may have internal slots: it needs the brand checks. */
export const exoticPrototypes: ReadonlySet<object> = new Set<object>([
  Map.prototype,
  Set.prototype,
  Date.prototype,
  RegExp.prototype,
  Error.prototype,
  Promise.prototype,
  typedArrayPrototype,
  ArrayBuffer.prototype,
  DataView.prototype,
  WeakMap.prototype,
  WeakSet.prototype,
  // workerd before 2025 and hardened realms have neither.
  ...(typeof WeakRef === 'function' ? [WeakRef.prototype] : []),
  ...(typeof FinalizationRegistry === 'function' ? [FinalizationRegistry.prototype] : []),
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  Symbol.prototype,
  BigInt.prototype,
  iteratorPrototype,
  asyncIteratorPrototype,
  ...(typeof SharedArrayBuffer === 'function' ? [SharedArrayBuffer.prototype] : []),
]);
export const setHas: (self: unknown, value: unknown) => boolean = uncurry(Set.prototype.has) as never;
export const weakGet: (self: unknown, key: object) => unknown = uncurry(WeakMap.prototype.get) as never;
export const weakSet: (self: unknown, key: object, value: unknown) => unknown = uncurry(WeakMap.prototype.set) as never;

interface ScratchBuffer {
  write(text: string, offset: number, length: number, encoding: string): number;
  toString(encoding: string, start: number, end: number): string;
}
const hostBuffer = (globalThis as { Buffer?: { allocUnsafeSlow(size: number): ScratchBuffer; prototype: ScratchBuffer } }).Buffer;
const bufferWrite = hostBuffer === undefined ? undefined : uncurry(hostBuffer.prototype.write);
const bufferToString = hostBuffer === undefined ? undefined : uncurry(hostBuffer.prototype.toString);
let scratch: ScratchBuffer | undefined;

/**
 * The first `length` UTF-16 units as a string of its own: what `slice` returns keeps the whole of a 10 MB parent alive (H166).
 */
export function copyPrefix(text: string, length: number): string {
  const prefix = stringSlice(text, 0, length);
  if (prefix !== lastCopy) lastCopy = copyOf(prefix);
  return lastCopy;
}

/** Parsers hand the same long text from function to function. */
let lastCopy = '';

function copyOf(prefix: string): string {
  const { length } = prefix;
  if (hostBuffer !== undefined && bufferWrite !== undefined && bufferToString !== undefined && length <= 4096) {
    scratch ??= hostBuffer.allocUnsafeSlow(8192);
    return bufferToString(scratch, 'utf16le', 0, bufferWrite(scratch, prefix, 0, length * 2, 'utf16le'));
  }
  const units: string[] = [];
  for (let i = 0; i < length; i++) units[i] = prefix[i] as string;
  return arrayJoin(units, '');
}

const { setImmediate: hostImmediate, setTimeout: hostTimeout } = globalThis;
/** Deno runs an immediate that keeps nothing alive only when something else makes its loop turn. */
const hasImmediates = typeof hostImmediate === 'function' && !('Deno' in globalThis);

/** What had no timer when it asked for one: workerd refuses them outside of requests. */
let untimed: (() => void)[] = [];

/** Runs `work` in a later turn without keeping the process alive (H179). */
export function laterTurn(work: () => void): void {
  schedule(work, hasImmediates ? hostImmediate : hostTimeout, 0);
}

/** Runs `work` after some ms without keeping the process alive. */
export function afterMs(ms: number, work: () => void): void {
  schedule(work, hostTimeout, ms);
}

function schedule(work: () => void, timer: (run: () => void, ms: number) => unknown, ms: number): void {
  try {
    (timer(untimed.length === 0 ? work : withUntimed(work), ms) as { unref?: () => void }).unref?.();
  } catch {
    append(untimed, work);
  }
}

function withUntimed(work: () => void): () => void {
  return () => {
    const before = untimed;
    untimed = [];
    for (let i = 0; i < before.length; i++) before[i]?.();
    work();
  };
}

// Hardened realms have no other clock than this one.
const clock: { readonly timeOrigin: number; now(): number } = globalThis.performance ?? { now: Date.now, timeOrigin: 0 };
/** Ms since `timeOrigin`. Taken at load: fake timers of a test do not change it. */
export const performanceNow: () => number = clock.now.bind(clock);
export const performanceOrigin: number = clock.timeOrigin;

interface HostUsage {
  readonly user: number;
  readonly system: number;
}
type UsageReader = (() => HostUsage) | undefined;
const hostProcess = (globalThis as { process?: { threadCpuUsage?: UsageReader; cpuUsage?: UsageReader } }).process;
// Node 24 knows the thread's own; before that workers are in it, too.
const readThread: UsageReader = hostProcess?.threadCpuUsage?.bind(hostProcess);
const readUsage: UsageReader = readThread ?? hostProcess?.cpuUsage?.bind(hostProcess);

/** Processor time of this thread or process in ms; where a host does not tell, the time that passes. */
export function processorTime(): number {
  if (readUsage === undefined) return performanceNow();
  const { user, system } = readUsage();
  return (user + system) / 1000;
}

/** Processor time of this thread in ms; undefined where the host does not tell. */
export const threadTime: (() => number) | undefined = readThread === undefined ? undefined : processorTime;
