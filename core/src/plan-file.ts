/**
 * `planFile`: all decisions about one file, pure. Wiring only; each decision has its own file.
 */
import { compactModule } from '@captureflow/trace/inline-metadata';
import { type FunctionRecord, LEVELS, type Level, METADATA_VERSION, type ModuleRecord } from '@captureflow/trace/metadata';
import { describeFunctions } from './describe-functions.ts';
import type { FileFacts, FunctionFacts } from './facts.ts';
import type { Filter } from './filter.ts';
import { createFrameTexts } from './frame-texts.ts';
import { hashText } from './hash-text.ts';
import { chooseNames, type InjectedNames } from './injected-names.ts';
import { leaveFile } from './leave-file.ts';
import { createLineIndex } from './line-index.ts';
import { createNameRules } from './name-rules.ts';
import type { ResolvedOptions } from './options.ts';
import type { Origin } from './origin.ts';
import { type Code, type FunctionPlan, PLAN_VERSION, type Plan, type SkipReason, type SkippedFunction } from './plan.ts';
import { planFunction } from './plan-function.ts';
import { PROBE_SUBPATH } from './probe-abi.ts';
import { repeatHooks } from './repeat-hooks.ts';
import { createScopeIndex, type ScopeIndex } from './scope-index.ts';
import { type HostLimits, isSloppy, skipFile, skipFunction } from './skip.ts';

export interface PlanInput {
  /** The text the facts were read from. */
  readonly source: string;
  readonly facts: FileFacts;
  /** Path from the project root, posix. */
  readonly moduleId: string;
  readonly options: ResolvedOptions;
  readonly filter: Filter;
  readonly limits: HostLimits;
  /** For a text that a compiler before us made: its places in the user's file. */
  readonly origin?: Origin | undefined;
}

export function planFile(input: PlanInput): Plan {
  const { source, facts, moduleId, options, filter, limits } = input;
  const fileReason = filter.includes(moduleId) ? skipFile(source, facts, options) : 'EXCLUDED';
  if (fileReason !== undefined) return leaveFile(moduleId, fileReason);
  const { names: functionNames, pragmas } = describeFunctions(source, facts, input.origin?.written);
  if (pragmas.file === 'off' && !pragmas.functions.some((level) => level !== undefined && level !== 'off'))
    return leaveFile(moduleId, 'OFF_BY_COMMENT');

  const names = chooseNames(source);
  const lines = input.origin ?? createLineIndex(source);
  const scopes = createScopeIndex(facts);
  const decisions = facts.functions.map((_, index): Level | SkipReason => {
    const comment = pragmas.functions[index] ?? pragmas.file;
    const level = comment ?? filter.level(moduleId, functionNames[index] as string);
    if (input.origin?.isGenerated(facts.functions[index] as FunctionFacts) === true) return 'GENERATED';
    if (level === 'off') return comment === undefined ? 'OFF_BY_OPTION' : 'OFF_BY_COMMENT';
    return skipFunction(source, facts, index, scopes, options, limits) ?? level;
  });
  const isInstrumented = (index: number): boolean => (LEVELS as readonly string[]).includes(decisions[index] ?? '');
  const depths = measureDepths(facts);
  const parents = findLexicalParents(facts, depths, scopes, names, isInstrumented);
  const textsAt = createFrameTexts(names);
  const nameRules = createNameRules(options);

  const functions: FunctionPlan[] = [];
  const records: FunctionRecord[] = [];
  const skippedFunctions: SkippedFunction[] = [];
  facts.functions.forEach((fn, index) => {
    const name = functionNames[index] as string;
    if (!isInstrumented(index)) {
      skippedFunctions.push({ name, ...lines.at(fn.start), reason: decisions[index] as SkipReason });
      return;
    }
    const depth = depths[index] as number;
    const { plan, record } = planFunction({
      facts,
      scopes,
      names,
      lines,
      pragmas,
      nameRules,
      functionIndex: index,
      recordIndex: records.length,
      name,
      level: decisions[index] as Exclude<Level, 'off'>,
      depth,
      texts: textsAt(depth),
      parentToken: parents.tokenFor(index),
      isLexicalParent: parents.isParent(index),
      alias: parents.aliasOf(index),
      types: options.types,
      hoistsFunctions: limits.blockFunctionsRenamed === true && isSloppy(facts, fn),
    });
    const hooks = limits.hooksAtTop === true ? repeatHooks(source, facts, scopes, index) : '';
    functions.push(hooks === '' ? plan : { ...plan, epilogue: [...plan.epilogue, ';return;'], unreached: [hooks] });
    records.push(record);
  });

  const record: ModuleRecord = { v: METADATA_VERSION, id: moduleId, f: records };
  const hash = options.metadata === 'manifest' ? hashText(JSON.stringify(record)) : undefined;
  const header = functions.length === 0 ? [] : planHeader(facts, names, options, record, hash);
  return { v: PLAN_VERSION, moduleId, header, functions, skippedFunctions, record, ...(hash === undefined ? {} : { hash }) };
}

/**
 * @example
 * ```js
 * import * as R from "@captureflow/runtime/probe-1";
 * function G() { var g = R.gates(31); G = function () { return g; }; return g; }
 * function M(k) { var b = R.register({…}, G()); M = function (k) { return b + k; }; return b + k; }
 * ```
 * Hoisted functions that replace themselves: a cyclic importer may call our functions before this module has run (H90), and a module whose
 * functions are never recorded registers nothing (H135). CommonJS and scripts go on without a missing runtime: gates that are not there let everything pass.
 */
function planHeader(
  facts: FileFacts,
  names: InjectedNames,
  options: ResolvedOptions,
  record: ModuleRecord,
  hash: string | undefined,
): Code {
  const { runtime: R, module: M, gates: G, identity: I, error: E } = names;
  const specifier = JSON.stringify(options.runtime + PROBE_SUBPATH);
  const pauses = ['suspend', 'suspendYield', 'delegate', 'suspendLoop', 'resume'].map((name) => `${name}:${I}`).join(',');
  const access =
    facts.kind === 'esm'
      ? `import * as ${R} from ${specifier};`
      : // Declarations, because an assignment would be the completion value of a script (H32).
        `try{var ${R}=require(${specifier})}catch(${E}){var ${R}={${pauses}}}function ${I}(s,v){return v}`;
  const metadata = hash === undefined ? compactModule(record) : { v: record.v, id: record.id, hash, l: record.f.map((fn) => fn[3]) };
  const gates = `${R}.gates(${record.f.length})`;
  const ownGates = `function ${G}(){var g=${facts.kind === 'esm' ? gates : `${R}.gates?${gates}:[]`};${G}=function(){return g};return g}`;
  return [
    `${access}${ownGates}function ${M}(k){var b=${R}.register(`,
    toLiteral(metadata),
    `,${G}());${M}=function(k){return b+k};return b+k}`,
  ];
}

/** JSON as code on one line: two characters that may stand in JSON end a line in source text. */
function toLiteral(value: object): string {
  const fields = Object.entries(value).map(([key, field]) => `${key}:${JSON.stringify(field)}`);
  return `{${fields.join(',')}}`.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** How many functions stand around each; what is around comes first. */
function measureDepths(facts: FileFacts): readonly number[] {
  const depths: number[] = [];
  for (const { parent } of facts.functions) depths.push(parent < 0 ? 0 : (depths[parent] as number) + 1);
  return depths;
}

/**
 * An inner function names the token of the function around it only where that one has a heap-allocated scope anyway, because
 * inner functions use its parameters, `var`s or body-level variables: a token captured for itself cost 208 bytes a call (DESIGN.md section 4).
 */
function findLexicalParents(
  facts: FileFacts,
  depths: readonly number[],
  scopes: ScopeIndex,
  names: InjectedNames,
  isInstrumented: (index: number) => boolean,
) {
  const capturesIn = (scope: number): boolean => scopes.bindingsIn(scope).some((binding) => scopes.isCaptured(binding));
  const ways = facts.functions.map((fn, index): 'token' | 'alias' | undefined => {
    if (!isInstrumented(index) || !scopes.innerFunctions(index).some(isInstrumented)) return undefined;
    if (capturesIn(fn.scope)) return 'token';
    return !fn.concise && capturesIn(fn.body.scope) ? 'alias' : undefined;
  });
  const parentOf = (index: number): number => facts.functions[index]?.parent ?? -1;
  return {
    isParent: (index: number): boolean => ways[index] !== undefined,
    aliasOf: (index: number): string | undefined => (ways[index] === 'alias' ? names.alias(depths[index] as number) : undefined),
    tokenFor(index: number): string | undefined {
      const parent = parentOf(index);
      const way = ways[parent];
      if (way === undefined || isInParameters(facts, index, parent)) return undefined;
      const depth = depths[parent] as number;
      return way === 'token' ? names.token(depth) : names.alias(depth);
    },
  };
}

/** A function in a default value runs in the parameter scope, where the body's names do not exist (H12). */
function isInParameters(facts: FileFacts, index: number, parent: number): boolean {
  const inner = facts.functions[index] as FunctionFacts;
  const outer = facts.functions[parent] as FunctionFacts;
  return inner.start < outer.bodyStart;
}
