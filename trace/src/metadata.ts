/**
 * What an instrumented module says about itself: contract (c) of ARCHITECTURE.md, version 1.
 *
 * The plan writes it as a JSON literal into the emitted code (or into a manifest file), the runtime keeps
 * it, every segment carries the part it needs. Types and flag numbers only; this file must not import.
 */

export const METADATA_VERSION = 1;

/** Bits of `FunctionRecord[3]`. Bits 0 to 2 hold the built `Level`. */
export const FunctionFlag = {
  LEVEL_MASK: 7,
  ASYNC: 8,
  GENERATOR: 16,
  ARROW: 32,
  METHOD: 64,
  GETTER: 128,
  SETTER: 256,
  CONSTRUCTOR: 512,
  STATIC: 1024,
  /** Inner functions pass this function's token as their lexical parent: its slot must stay resolvable after its end. */
  LEXICAL_PARENT: 2048,
  STATIC_BLOCK: 4096,
} as const;

/** How much a function reports: `off < calls < values < locals < lines`. */
export const LEVELS: readonly ['off', 'calls', 'values', 'locals', 'lines'] = ['off', 'calls', 'values', 'locals', 'lines'];
export type Level = (typeof LEVELS)[number];

/** Kinds of a `SiteRecord`. */
export const SiteKind = {
  /** Locals read at a return or at the end of the body; precedes EXIT. */
  EXIT: 0,
  /** Locals read in the catch; precedes THROW, whose `position` says which of them were alive. */
  THROW: 1,
  /** The statement on `line` is about to run; the bindings are those that changed since the last LINE. */
  LINE: 2,
  /** Parameters beyond the eighth; follows ENTER. */
  MORE_PARAMETERS: 3,
} as const;

/** `[kind, line (1-based), indexes into FunctionRecord's bindings (for MORE_PARAMETERS: into its parameters)]`. */
export type SiteRecord = readonly [kind: number, line: number, bindings: readonly number[]];

/**
 * One function. A name that starts with `*` is redacted: no value is passed for it and readers show it as redacted.
 * `positions[p]` lists which of the bindings are initialised and in scope at scope position `p`.
 */
export type FunctionRecord = readonly [
  /** Scope path, for example `Cart.total` or `load.<anonymous>#2`. */
  name: string,
  /** 1-based. */
  line: number,
  /** 1-based, in UTF-16 units. */
  column: number,
  /** `FunctionFlag` bits. */
  flags: number,
  /** Leaf bindings of the parameter list, in source order. */
  parameters: readonly string[],
  /** Captured local bindings (and parameters that the body writes). */
  bindings: readonly string[],
  sites: readonly SiteRecord[],
  positions: readonly (readonly number[])[],
  /** Last line of the function, 1-based. */
  endLine: number,
  /** Declared types as text, of the parameters and then of the return value; present with option `types`. */
  types?: readonly (string | null)[],
];

/** One module: `v` METADATA_VERSION, `id` the path from the project root in posix form, `f` its functions. */
export interface ModuleRecord {
  readonly v: number;
  readonly id: string;
  readonly f: readonly FunctionRecord[];
}

/**
 * The inline stand-in for a `ModuleRecord` under `metadata: 'manifest'`: `hash` finds the manifest's record, `l` are
 * the flags of each function (the runtime needs the levels).
 */
export interface ManifestReference {
  readonly v: number;
  readonly id: string;
  readonly hash: string;
  readonly l: readonly number[];
}
