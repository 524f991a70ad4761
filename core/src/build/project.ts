/**
 * One project as a front end builds it: options resolved once, then a plan for each file with what goes with it on a disk (the runtime
 * is there, the manifest is written, the report counts). Needs Node; decides nothing that `planFile` does not.
 */
import type { FileFacts } from '../facts.ts';
import { createFilter, type Filter } from '../filter.ts';
import { type ResolvedOptions, resolveOptions } from '../options.ts';
import { toModuleId } from '../paths.ts';
import { leaveFile } from '../leave-file.ts';
import type { Plan, SkipReason } from '../plan.ts';
import { planFile } from '../plan-file.ts';
import type { Origin } from '../origin.ts';
import { type HostLimits, skipText } from '../skip.ts';
import { createNameRules } from '../name-rules.ts';
import { writeManifest } from './manifest.ts';
import { privacyEntries } from './privacy-entries.ts';
import { notePrivacy } from './privacy-manifest.ts';
import { reportPlan } from './report.ts';
import { checkRuntime } from './runtime-check.ts';

export interface PlanRequest {
  /** Absolute path. */
  readonly fileName: string;
  /** The text that `facts` were read from. */
  readonly source: string;
  readonly facts: FileFacts;
  readonly limits?: HostLimits;
  readonly origin?: Origin | undefined;
}

export interface Project {
  readonly options: ResolvedOptions;
  readonly filter: Filter;
  /** Reading costs more than asking: ask first. */
  includes(fileName: string): boolean;
  /** Why a text is left alone, as far as that can be told before parsing it. */
  skips(source: string): SkipReason | undefined;
  /** The plan of a file that was not read, reported like any other. */
  leave(fileName: string, reason: SkipReason): Plan;
  /** Throws RUNTIME_MISSING where an ES module would import a runtime that is not installed. */
  plan(request: PlanRequest): Plan;
}

const NO_LIMITS: HostLimits = { derivedInitialisersBreak: false };

/** `root`: the host's project root. Throws OPTION_UNKNOWN or OPTION_INVALID. */
export function createProject(raw: unknown, root: string): Project {
  const options = resolveOptions(raw, root);
  const filter = createFilter(options);
  const nameRules = createNameRules(options);
  const { privacyManifest } = options;
  const note = (plan: Plan): void => {
    reportPlan(options.root, plan);
    if (privacyManifest === undefined) return;
    notePrivacy(options.root, privacyManifest, plan.moduleId, privacyEntries(plan, nameRules), filter.includes);
  };
  return {
    options,
    filter,
    includes: (fileName) => filter.includes(toModuleId(options.root, fileName)),
    skips: (source) => skipText(source, options),
    leave(fileName, reason) {
      const plan = leaveFile(toModuleId(options.root, fileName), reason);
      note(plan);
      return plan;
    },
    plan({ fileName, source, facts, limits = NO_LIMITS, origin }) {
      const plan = planFile({ source, facts, moduleId: toModuleId(options.root, fileName), options, filter, limits, origin });
      note(plan);
      if (plan.functions.length > 0 && facts.kind === 'esm') checkRuntime(options.runtime, fileName);
      writeManifest(options.root, plan);
      return plan;
    },
  };
}
