/** The door of core: what front ends import. */
export { createEditIndex, type EditIndex, lowerBound } from './edit-index.ts';
export { CaptureFlowError, ERROR_MESSAGES, type ErrorCode, type ErrorPlace } from './errors.ts';
export * from './facts.ts';
export { createFilter, type Filter } from './filter.ts';
export { createLineIndex, type LineIndex, lineStarts } from './line-index.ts';
export { type LevelRule, type NameLists, type Options, type ResolvedOptions, resolveOptions } from './options.ts';
export type { Mutable, OpenFunction, Place } from './open-facts.ts';
export { createOrigin, type Origin, type OriginPlace, type Written } from './origin.ts';
export { toModuleId, toPosix } from './paths.ts';
export {
  type Code,
  type Edit,
  type FunctionPlan,
  type Piece,
  PLAN_VERSION,
  type Plan,
  type SkippedFunction,
  type SkipReason,
  type WrapTarget,
} from './plan.ts';
export { type PlanInput, planFile } from './plan-file.ts';
export { MAX_PROBE_VALUES, PROBE_NAMES, PROBE_SUBPATH, PROBE_VERSION, type Probes, type Token } from './probe-abi.ts';
export type { HostLimits } from './skip.ts';
