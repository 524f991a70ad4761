/**
 * The plan of a file that stays as it was.
 */
import { METADATA_VERSION } from '@captureflow/trace/metadata';
import { PLAN_VERSION, type Plan, type SkipReason } from './plan.ts';

export function leaveFile(moduleId: string, skipped: SkipReason): Plan {
  return {
    v: PLAN_VERSION,
    moduleId,
    skipped,
    header: [],
    functions: [],
    skippedFunctions: [],
    record: { v: METADATA_VERSION, id: moduleId, f: [] },
  };
}
