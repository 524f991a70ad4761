/**
 * The options of `start`: their types and the strict check. Must not read the environment or touch the recorder.
 */
import { LEVELS } from '@captureflow/trace/metadata';
import type { Level } from '@captureflow/trace/metadata';
import type { Exporter } from './exporter.ts';
import type { Keep, KeepPolicy } from './keep-policy.ts';
import type { Channels } from './leaf-spans.ts';
import { between, checkObject, integer, ofType, oneOf, share, show, text } from './option-checks.ts';
import type { Check } from './option-checks.ts';
import { OptionsError } from './option-errors.ts';
import { checkRedaction } from './redaction-rules.ts';
import type { RedactionRules } from './redaction-rules.ts';
import { PROFILE_NAMES } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import { isOriginPattern } from './origin-pattern.ts';
import type { Propagate } from './origin-pattern.ts';
import type { CaptureLimits } from './recorder-config.ts';

export interface StartOptions {
  /** A named set of the options below; those that are given win over it. Default: `CAPTUREFLOW_PROFILE`, or none. */
  readonly profile?: ProfileName;
  /**
   * Share of the program's processor time that recording may take, its gates and counters left out: over 0, up to 1. To keep it, hot functions
   * report less, down to the number of their calls; what is left out is counted. 1: nothing is left out. Default: `CAPTUREFLOW_BUDGET`, or 0.05.
   */
  readonly budget?: number;
  /** The most that any function reports; what the build left out cannot be asked for. Default: `'lines'`, that is all that was built. */
  readonly level?: Level;
  /**
   * With `budget: 1`: 'sampled' looks into objects in the first calls of a function, in its first call in each root, and beyond that as often as costs some 10 ns a call, 'all' in every call. With a smaller
   * budget the governor decides. Default: 'sampled'.
   */
  readonly objects?: 'sampled' | 'all';
  /**
   * Record for examples: of each function a few complete calls, and a few of each distinct outcome; the others are counted. For writing tests; use it
   * with `budget: 1`. Default: false.
   */
  readonly examples?: boolean;
  /** Where traces go. Default: a file in `dir`, and what the environment asks for. */
  readonly exporters?: readonly Exporter[];
  /** Folder of the trace files, relative to the working directory. Default: `.captureflow`. */
  readonly dir?: string;
  /** Name of this program in its traces. Default: `OTEL_SERVICE_NAME`, the package's name, or the working directory's. */
  readonly service?: string;
  /** Bounds of one captured value. Default: depth 3, fields 20, elements 100, string 255, nodes 300, bytes 16384. */
  readonly limits?: Partial<CaptureLimits>;
  /** Memory for events that are not written yet, in bytes, 1 MiB to 4 GiB. Default: 64 MiB. */
  readonly maxBytes?: number;
  /** Over so many chunks (32 KiB each) a root keeps its head and a ring of its tail. At least 3; 4 are used at least. Default: half of the memory. */
  readonly maxChunksPerRoot?: number;
  /** Which finished roots are shipped, as a policy or as a function: that must be quick, and a throw of it counts as 'keep'. Default: all. */
  readonly keep?: Keep;
  /** 'precise' reads the clock at every event. Default: 'sampled'. */
  readonly clock?: 'sampled' | 'precise';
  /** What is hidden beside the built-in names, and shown in spite of them. A function is `{ name: function }`. */
  readonly redact?: RedactionRules | ((name: string) => boolean);
  /** False switches the built-in rules off: sensitive names, and secrets that show in texts by their shape or by the name before them. Default: true. */
  readonly redactDefaults?: boolean;
  /** Each request of a `node:http` server is a root. Default: true. */
  readonly http?: boolean;
  /**
   * Which outgoing requests (`fetch`, undici, `node:http`) carry a `traceparent`: all, or those to these origins (`https://api.shop.example`,
   * `https://*.shop.example`). Default: none, since a header is a change to the program's request, and tells its receiver an id.
   */
  readonly propagate?: Propagate;
  /**
   * Child processes get the variables `TRACEPARENT` and `TRACESTATE` of the root in which they are begun, so that their traces continue it; they see them, and so does what
   * else reads them. Default: `CAPTUREFLOW_CHILD_PROCESSES`, or false.
   */
  readonly childProcesses?: boolean;
  /**
   * Calls of libraries that announce them on diagnostics channels are spans: all that are known (docs/roots.md), or these, by the names that publishers
   * use (`mysql2:query`, one of your own). Default: none. A library that somebody listens to may take another path: its promises are often one microtask later.
   */
  readonly channels?: Channels;
  /** In a page: what a click, a submitted form or a changed field sets off is a root of its own. Default: true. */
  readonly events?: boolean;
  /**
   * Browsers and edge runtimes tell nobody which object is a proxy, and looking into one runs its traps, so of objects only their form is recorded there. 'watched' puts a
   * `Proxy` in the place of the global one that remembers those it makes: then objects are looked into as in Node. `start` must be called before the
   * program makes its first proxy. Node needs neither. Default: 'unknown'.
   */
  readonly proxies?: 'unknown' | 'watched';
  /** Flush at SIGTERM and SIGINT when the program has no listener of its own. Default: true. */
  readonly signals?: boolean;
}

const propagate: Check = (value, path) => {
  if (typeof value === 'boolean') return;
  if (!Array.isArray(value)) throw new OptionsError('OPTION_TYPE', path, `must be a boolean or an array of origins, not ${show(value)}`);
  value.forEach((origin: unknown, index) => {
    if (typeof origin !== 'string' || !isOriginPattern(origin)) {
      throw new OptionsError(
        'OPTION_TYPE',
        `${path}[${index}]`,
        `must be an origin such as 'https://api.shop.example', not ${show(origin)}`,
      );
    }
  });
};

const channels: Check = (value, path) => {
  if (typeof value === 'boolean') return;
  if (!Array.isArray(value)) throw new OptionsError('OPTION_TYPE', path, `must be a boolean or an array of names, not ${show(value)}`);
  value.forEach((name: unknown, index) => text(name, `${path}[${index}]`));
};

const exporters: Check = (value, path) => {
  if (!Array.isArray(value)) throw new OptionsError('OPTION_TYPE', path, `must be an array of exporters, not ${show(value)}`);
  value.forEach((exporter: unknown, index) => {
    for (const method of ['export', 'flush', 'shutdown']) {
      if (typeof (exporter as Record<string, unknown> | null | undefined)?.[method] !== 'function') {
        throw new OptionsError('OPTION_TYPE', `${path}[${index}]`, `is not an exporter: it has no method ${method}()`);
      }
    }
  });
};

const LIMITS: Readonly<Record<keyof CaptureLimits, Check>> = {
  depth: integer(0, 100),
  fields: integer(0, 100_000),
  elements: integer(0, 1_000_000),
  string: integer(0, 16_777_216),
  nodes: integer(1, 1_000_000),
  bytes: integer(64, 67_108_864),
};

const KEEP: Readonly<Record<keyof KeepPolicy, Check>> = {
  threw: ofType('boolean'),
  slowMs: between(0, Number.MAX_VALUE, 'a number of ms, 0 or more'),
  slowPercentile: between(Number.MIN_VALUE, 100, 'a percentage over 0 and up to 100'),
  rare: ofType('boolean'),
  sample: share('with 0'),
  asked: ofType('boolean'),
};

const keep: Check = (value, path) => {
  if (typeof value === 'function') return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionsError('OPTION_TYPE', path, `must be a function or a policy such as { threw: true }, not ${show(value)}`);
  }
  checkObject(value, path, KEEP);
};

const OPTIONS: Readonly<Record<keyof StartOptions, Check>> = {
  profile: oneOf(...PROFILE_NAMES),
  budget: share('without 0'),
  level: oneOf(...LEVELS),
  objects: oneOf('sampled', 'all'),
  examples: ofType('boolean'),
  exporters,
  dir: text,
  service: text,
  limits: (value, path) => checkObject(value, path, LIMITS),
  maxBytes: integer(1_048_576, 4_294_967_296),
  maxChunksPerRoot: integer(3, 1_000_000),
  keep,
  clock: oneOf('sampled', 'precise'),
  redact: checkRedaction,
  redactDefaults: ofType('boolean'),
  http: ofType('boolean'),
  propagate,
  childProcesses: ofType('boolean'),
  channels,
  events: ofType('boolean'),
  proxies: oneOf('unknown', 'watched'),
  signals: ofType('boolean'),
};

/**
 * Returns `options` when every key and value is right; keys that are present but undefined count as absent.
 * @throws {OptionsError} naming the key's path, and the nearest valid key for an unknown one.
 */
export function checkOptions(options: unknown): StartOptions {
  checkObject(options, '', OPTIONS);
  return options as StartOptions;
}
