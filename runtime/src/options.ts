/**
 * The options of `start`: their types and the strict check. Must not read the environment or touch the recorder.
 */
import { LEVELS } from '@captureflow/trace/metadata';
import type { Level } from '@captureflow/trace/metadata';
import type { Exporter } from './exporter.ts';
import type { Keep, KeepPolicy } from './keep-policy.ts';
import type { Channels } from './leaf-spans.ts';
import { OptionsError } from './option-errors.ts';
import { PROFILE_NAMES } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import { isOriginPattern } from './propagation.ts';
import type { Propagate } from './propagation.ts';
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
  /** True hides the value of a key of this name, in addition to the built-in names. */
  readonly redact?: (name: string) => boolean;
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
   * Calls of libraries that announce them on diagnostics channels are spans: all that are known (docs/roots.md), or these, by the names that publishers
   * use (`mysql2:query`, one of your own). Default: none. A library that somebody listens to may take another path: its promises are often one microtask later.
   */
  readonly channels?: Channels;
  /** Flush at SIGTERM and SIGINT when the program has no listener of its own. Default: true. */
  readonly signals?: boolean;
}

type Check = (value: unknown, path: string) => void;

function integer(low: number, high: number): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
      throw new OptionsError('OPTION_RANGE', path, `must be an integer from ${low} to ${high}, not ${show(value)}`);
    }
  };
}

function share(zero: 'with 0' | 'without 0'): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1) || (value === 0 && zero === 'without 0')) {
      const range = zero === 'with 0' ? 'from 0 to 1' : 'over 0 and up to 1';
      throw new OptionsError('OPTION_RANGE', path, `must be a number ${range}, not ${show(value)}`);
    }
  };
}

function between(low: number, high: number, wanted: string): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !(value >= low && value <= high)) {
      throw new OptionsError('OPTION_RANGE', path, `must be ${wanted}, not ${show(value)}`);
    }
  };
}

function oneOf(...allowed: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !allowed.includes(value)) {
      throw new OptionsError('OPTION_CHOICE', path, `must be one of ${allowed.map((word) => `'${word}'`).join(', ')}, not ${show(value)}`);
    }
  };
}

function ofType(type: 'boolean' | 'function'): Check {
  return (value, path) => {
    if (typeof value !== type) throw new OptionsError('OPTION_TYPE', path, `must be a ${type}, not ${show(value)}`);
  };
}

const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '')
    throw new OptionsError('OPTION_TYPE', path, `must be a string with something in it, not ${show(value)}`);
};

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
  redact: ofType('function'),
  redactDefaults: ofType('boolean'),
  http: ofType('boolean'),
  propagate,
  channels,
  signals: ofType('boolean'),
};

function checkObject(value: unknown, path: string, checks: Readonly<Record<string, Check>>): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionsError('OPTION_TYPE', path === '' ? 'options' : path, `must be an object, not ${show(value)}`);
  }
  for (const [key, entry] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) throw new OptionsError('OPTION_UNKNOWN', at, `is unknown${suggestion(key, Object.keys(checks))}`);
    if (entry !== undefined) check(entry, at);
  }
}

/**
 * Returns `options` when every key and value is right; keys that are present but undefined count as absent.
 * @throws {OptionsError} naming the key's path, and the nearest valid key for an unknown one.
 */
export function checkOptions(options: unknown): StartOptions {
  checkObject(options, '', OPTIONS);
  return options as StartOptions;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function suggestion(key: string, valid: readonly string[]): string {
  let best = '';
  let least = Math.max(2, Math.floor(key.length / 2)) + 1;
  for (const name of valid) {
    const distance = editDistance(key.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best === '' ? `; valid are ${valid.join(', ')}` : `; did you mean ${JSON.stringify(best)}?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
