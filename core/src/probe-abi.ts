/**
 * The probe ABI, contract (b) of ARCHITECTURE.md, version 1: what emitted code calls and the runtime serves.
 *
 * Emitted code reaches it as `R.<name>` with `R` = `import * as R from '<runtime>/probe-1'` (ESM) or `require` of the same
 * (CommonJS, scripts). When that `require` fails, `R` is a stub with nothing but the five pause probes as identity (gates that are not there let everything pass), so
 * everything else is reached only behind `s &&`. Probes never throw (a stack overflow excepted), never run user code and never return another value than
 * stated. Adding a probe keeps the version; changing one makes `probe-2`. Types and constants only.
 *
 * @example the reference form of a function (names shortened)
 * ```js
 * function f(a, b) {
 *   const s = g()[3]-- < 1 ? R.enter2(m(3), 0, a, b) : 0;
 *   let v, x_, p = 0;
 *   try {
 *     const x = g(a); x_ = x; p = 1;
 *     return (v = x * b, s && (R.values1(s, 0, x), R.exit(s, v)), v);
 *   } catch (e) { throw s ? (R.values1(s, 1, x_), R.thrown(s, e, p)) : e; }
 * }
 * ```
 */
import type { InlineModule } from '@captureflow/trace/inline-metadata';
import type { ManifestReference, ModuleRecord } from '@captureflow/trace/metadata';

export const PROBE_VERSION = 1;

/** Appended to option `runtime` to get the module that emitted code imports. */
export const PROBE_SUBPATH = '/probe-1';

/** More values than this take a second call: never a rest array. */
export const MAX_PROBE_VALUES = 8;

/** Open-span token: slot and generation in 30 bits. 0: not recorded. A stale token is a counted no-op everywhere. */
export type Token = number;

export interface Probes {
  /**
   * The gates of a module with so many functions: function k takes one from number k on each call, and goes on without a word while one was left. So one load,
   * compare and store are the switch, the counter of calls that are only counted, and the alarm.
   */
  gates(count: number): Int32Array;

  /**
   * Registers a module's record, once; returns its base: `base + k` is the id of the module's function k. May keep and rewrite the record. `gates`: what the functions
   * read; without, `enter` is called for each call.
   */
  register(record: InlineModule | ModuleRecord | ManifestReference, gates?: Int32Array): number;

  /**
   * Called when no call was left at the function's gate. Opens a span of function `fn`. `parent`: the token of the activation that created this closure, 0 when unknown; used
   * only when nothing recorded is on the stack. Returns 0 when the function is off or the table is full.
   */
  enter0(fn: number, parent: Token): Token;
  enter1(fn: number, parent: Token, a: unknown): Token;
  enter2(fn: number, parent: Token, a: unknown, b: unknown): Token;
  enter3(fn: number, parent: Token, a: unknown, b: unknown, c: unknown): Token;
  enter4(fn: number, parent: Token, a: unknown, b: unknown, c: unknown, d: unknown): Token;
  enter5(fn: number, parent: Token, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown): Token;
  enter6(fn: number, parent: Token, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): Token;
  enter7(fn: number, parent: Token, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown, g: unknown): Token;
  enter8(fn: number, parent: Token, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown, g: unknown, h: unknown): Token;

  /** Values of the bindings that `site` of the function's record names. Level `locals` (LINE sites: `lines`) and above. */
  values0(s: Token, site: number): void;
  values1(s: Token, site: number, a: unknown): void;
  values2(s: Token, site: number, a: unknown, b: unknown): void;
  values3(s: Token, site: number, a: unknown, b: unknown, c: unknown): void;
  values4(s: Token, site: number, a: unknown, b: unknown, c: unknown, d: unknown): void;
  values5(s: Token, site: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown): void;
  values6(s: Token, site: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): void;
  values7(s: Token, site: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown, g: unknown): void;
  values8(s: Token, site: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown, g: unknown, h: unknown): void;

  /** The function returns `value` now; absent: undefined. Resumes a suspended token first. */
  exit(s: Token, value?: unknown): void;
  /** The function throws `error` now; `position` is the scope position, 0 when absent. Returns `error`. Resumes first, as `exit`. */
  thrown(s: Token, error: unknown, position?: number): unknown;

  /** Finally form: remembers `value` as the outcome so far; the last one before `end` counts. */
  hold(s: Token, value?: unknown): void;
  /** Finally form: remembers `error` as the outcome so far. Returns `error`. */
  caught(s: Token, error: unknown, position?: number): unknown;
  /** Finally form: the activation is over; nothing held means closed (a generator's `return()`). Resumes first. */
  end(s: Token): void;

  /**
   * Just before an `await`: the span leaves the stack. These five take and return the value that flows through (no temporary that
   * would keep it alive, H169) and are the only probes that may be called with `s === 0`: then they only return it.
   */
  suspend(s: Token, value: unknown): unknown;
  /** Just before a `yield`. */
  suspendYield(s: Token, value: unknown): unknown;
  /** Just before a `yield*`: like `suspendYield`, but a generator that starts next hangs under `s`. */
  delegate(s: Token, value: unknown): unknown;
  /**
   * Before a `for await` asks for a value: like `suspend`, but what starts next on an empty stack in the same root hangs under
   * `s`. Called at the head (`for await (x of R.suspendLoop(s, E))`), at the end of the body, before `continue` and `break`.
   */
  suspendLoop(s: Token, value: unknown): unknown;
  /**
   * Just after an `await`, `yield` or `yield*`, and at heads of catch, finally and `for await` bodies that one of them can reach.
   * No-op unless suspended. How the span was suspended says what lies below it: after an await the stack is empty, after a
   * yield the consumer is on top of it.
   */
  resume(s: Token, value: unknown): unknown;
}

/** The names above, for checks that emitted code calls nothing else. */
export const PROBE_NAMES: readonly (keyof Probes)[] = [
  'gates',
  'register',
  'enter0',
  'enter1',
  'enter2',
  'enter3',
  'enter4',
  'enter5',
  'enter6',
  'enter7',
  'enter8',
  'values0',
  'values1',
  'values2',
  'values3',
  'values4',
  'values5',
  'values6',
  'values7',
  'values8',
  'exit',
  'thrown',
  'hold',
  'caught',
  'end',
  'suspend',
  'suspendYield',
  'delegate',
  'suspendLoop',
  'resume',
];
