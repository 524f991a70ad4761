/** The metadata record of a function that `trace` wraps, and which of its arguments are passed. */
import { FunctionFlag, LEVELS, METADATA_VERSION, SiteKind } from '@captureflow/trace/metadata';
import type { ModuleRecord } from '@captureflow/trace/metadata';
import { MAX_PROBE_VALUES } from '@captureflow/core/probe-abi';
import { isSensitiveName } from '@captureflow/trace/redaction';
import { builtin } from './builtin.ts';
import type { CallSite } from './call-site.ts';
import { parameterNames } from './parameter-names.ts';

/** Arguments beyond these are not recorded. */
const MAX_ARGUMENTS = 2 * MAX_PROBE_VALUES;

export interface WrapperRecord {
  readonly module: ModuleRecord;
  /** Values to pass, out of the arguments of a call: those of sensitive names are left out. */
  select(args: readonly unknown[]): unknown[];
}

const types = builtin('node:util')?.types;

export function wrapperRecord(fn: object, name: string, site: CallSite): WrapperRecord {
  const { names, rest } = parameterNames(fn);
  const shown = Array.from({ length: MAX_ARGUMENTS }, (_, index) => names[index] ?? `arg${index + 1}`);
  const listed = rest === -1 || rest >= MAX_ARGUMENTS ? shown : shown.slice(0, rest + 1);
  const passed = listed.flatMap((parameter, index) => (isSensitiveName(parameter) ? [] : [index]));
  // Hidden ones show as redacted at every call: only declared parameters can be hidden.
  const parameters = listed.map((parameter) => (isSensitiveName(parameter) ? `*${parameter}` : parameter));
  const more = passed.slice(MAX_PROBE_VALUES);
  const flags = LEVELS.indexOf('values') | FunctionFlag.LEXICAL_PARENT | (types?.isAsyncFunction(fn) === true ? FunctionFlag.ASYNC : 0);
  return {
    module: {
      v: METADATA_VERSION,
      id: site.module === '' ? '<traced>' : site.module,
      f: [[name, site.line, site.column, flags, parameters, [], [[SiteKind.MORE_PARAMETERS, site.line, more]], [], site.line]],
    },
    select(args) {
      const values: unknown[] = [];
      for (const index of passed) {
        if (index >= args.length) break;
        values.push(index === rest ? args.slice(index) : args[index]);
      }
      return values;
    },
  };
}
