/**
 * Collects what one function's metadata record will say while its code is planned: bindings, sites and positions get their
 * numbers here, so that emitted code and record cannot disagree.
 */
import type { SiteRecord } from '@captureflow/trace/metadata';
import type { Code, Piece } from './plan.ts';
import { MAX_PROBE_VALUES } from './probe-abi.ts';

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

/** `calls`: index n, how a call of the probe for n values begins, up to the site. */
export function createRecordBuilder(calls: readonly string[]): RecordBuilder {
  const sites: SiteRecord[] = [];

  function addCall(kind: number, line: number, values: readonly SiteValue[]): Code {
    const code: Piece[] = [''];
    let passed = 0;
    for (const { read } of values) {
      if (read === undefined) continue;
      passed++;
      code.push(',');
      for (const piece of read) code.push(piece);
    }
    code[0] = (calls[passed] as string) + String(sites.length);
    code.push(')');
    sites.push([kind, line, values.map(indexOf)]);
    return code;
  }

  return {
    bindings: [],
    sites,
    positions: [],
    addSite(kind, line, values) {
      if (values.length <= MAX_PROBE_VALUES) return [addCall(kind, line, values)];
      const code: Code[] = [];
      let from = 0;
      let passed = 0;
      values.forEach(({ read }, k) => {
        if (read === undefined || ++passed <= MAX_PROBE_VALUES) return;
        code.push(addCall(kind, line, values.slice(from, k)));
        from = k;
        passed = 1;
      });
      code.push(addCall(kind, line, values.slice(from)));
      return code;
    },
  };
}

function indexOf(value: SiteValue): number {
  return value.index;
}
