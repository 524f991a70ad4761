/**
 * Plans: what an emitter is told, contract (a) of ARCHITECTURE.md, version 1. Plain JSON, all opinion taken:
 * an emitter puts code k at place k and fails with PLAN_DESYNC when a place is not there. Types only.
 */
import type { ModuleRecord } from '@captureflow/trace/metadata';

export const PLAN_VERSION = 1;

/**
 * Code as text with typed holes. `binding`: a use of the user's variable declared at that offset (written as text it could
 * name another one after lowering, H83); `hole: 'expression'`: the user's expression that is being wrapped. Injected names are
 * unique in the file, so they stand as text. No newlines.
 */
export type Piece = string | { readonly binding: number; readonly name: string } | { readonly hole: 'expression' };
export type Code = readonly Piece[];

/**
 * One insertion. `start` finds the host's node:
 * - `before`, `after`: the statement starting there, whole statements are inserted (a single-statement place becomes a block, H34);
 * - `head`, `tail`: the statement list starting there (`ListFacts.start`), at its beginning or end;
 * - `split`: the declarator starting there; its statement is split after it and `code` goes in between;
 * - `hoist`: the function declaration starting there becomes `var f = function…` at the top of the `try` (H21);
 * - `wrap`: the expression `of` starting there is replaced by `code`, which has one expression hole. `return`: a return statement's
 *   argument (a concise body: the body); `pause`: an await or yield expression; `operand`: what it awaits or yields (none:
 *   `code` without a hole); `write`: an assignment; `iterated`: what a `for await` statement that starts there iterates.
 */
export type Edit =
  | { readonly at: 'before' | 'after' | 'head' | 'tail' | 'split'; readonly start: number; readonly code: Code }
  | { readonly at: 'hoist'; readonly start: number }
  | { readonly at: 'wrap'; readonly of: WrapTarget; readonly start: number; readonly code: Code };

export type WrapTarget = 'return' | 'pause' | 'operand' | 'write' | 'iterated';

/**
 * The frame of one function: `{ directives prologue try { hoisted body epilogue } catch (error) { handler } finally { finalizer } }`.
 * A concise body becomes a block with a `return`.
 */
export interface FunctionPlan {
  readonly bodyStart: number;
  /** Index in the module's record. */
  readonly index: number;
  readonly concise: boolean;
  readonly prologue: Code;
  readonly epilogue: Code;
  readonly error: string;
  readonly handler: Code;
  /** Absent: no `finally`. */
  readonly finalizer?: Code;
  /** Behind the `try`, where control never comes. */
  readonly unreached?: Code;
  readonly edits: readonly Edit[];
}

/** Why a function or a file stays as it was. */
export type SkipReason =
  | 'EXCLUDED'
  | 'OFF_BY_OPTION'
  | 'OFF_BY_COMMENT'
  | 'ALREADY_INSTRUMENTED'
  | 'MINIFIED'
  | 'SYNTAX_ERROR'
  | 'GENERATED'
  | 'SCRIPT'
  | 'ASM'
  | 'WORKLET'
  | 'IN_WITH'
  | 'EARLY_ERROR'
  | 'MOCK_FACTORY'
  | 'SENT_ELSEWHERE'
  | 'MIN_SIZE'
  | 'CONSTRUCTOR_TOO_OLD';

export interface SkippedFunction {
  readonly name: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly reason: SkipReason;
}

export interface Plan {
  readonly v: typeof PLAN_VERSION;
  readonly moduleId: string;
  /** The whole file stays as it was; then there are no functions. */
  readonly skipped?: SkipReason;
  /**
   * Statements inserted at `FileFacts.headEnd`: three texts, of which the middle one is the metadata, a literal without variables.
   * Empty when no function is instrumented.
   */
  readonly header: Code;
  readonly functions: readonly FunctionPlan[];
  readonly skippedFunctions: readonly SkippedFunction[];
  /** What `header` registers. */
  readonly record: ModuleRecord;
  /** Under `metadata: 'manifest'`: the hash that finds `record` in the manifest. */
  readonly hash?: string;
}
