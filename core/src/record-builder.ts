/**
 * Collects what one function's metadata record will say while its code is planned: bindings, sites and positions get their
 * numbers here, so that emitted code and record cannot disagree.
 */
import type { SiteRecord } from '@captureflow/trace/metadata';
import { MAX_PROBE_VALUES } from './probe-abi.ts';
import type { Code, Piece } from './plan.ts';

/** One value that a `values` probe reports. `read` is undefined for a redacted one: named in the record, never passed. */
export interface SiteValue {
  readonly index: number;
  readonly read: Code | undefined;
}

export interface RecordBuilder {
  readonly bindings: string[];
  readonly sites: SiteRecord[];
  /** Index p: bindings that are initialised and in scope at scope position p. */
  readonly positions: (readonly number[])[];
  /** Calls of the `values` probes for a new site; several when more than eight values are passed. `line`: 1-based. */
  addSite(kind: number, line: number, values: readonly SiteValue[]): readonly Code[];
}

/** `runtime`, `token`: injected names. */
export function createRecordBuilder(runtime: string, token: string): RecordBuilder {
  const sites: SiteRecord[] = [];
  const call = (site: number, passed: readonly Code[]): Code => [
    `${runtime}.values${passed.length}(${token},${site}`,
    ...passed.flatMap((read): Piece[] => [',', ...read]),
    ')',
  ];
  return {
    bindings: [],
    sites,
    positions: [],
    addSite(kind, line, values) {
      const calls: Code[] = [];
      for (const group of groupByPassed(values)) {
        calls.push(
          call(
            sites.length,
            group.flatMap((value) => (value.read === undefined ? [] : [value.read])),
          ),
        );
        sites.push([kind, line, group.map((value) => value.index)]);
      }
      return calls;
    },
  };
}

function groupByPassed(values: readonly SiteValue[]): readonly (readonly SiteValue[])[] {
  const groups: SiteValue[][] = [[]];
  let passed = 0;
  for (const value of values) {
    if (value.read !== undefined && ++passed > MAX_PROBE_VALUES) {
      groups.push([]);
      passed = 1;
    }
    groups.at(-1)?.push(value);
  }
  return groups;
}
