/** The arity-specialised probes behind an array, for callers that are slow anyway. */
import { MAX_PROBE_VALUES } from '@captureflow/core/probe-abi';
import type { Probes, Token } from '@captureflow/core/probe-abi';

/** Opens a span with the first eight of `v`. */
export function enterWith(probes: Probes, fn: number, parent: Token, v: readonly unknown[]): Token {
  switch (Math.min(v.length, MAX_PROBE_VALUES)) {
    case 0:
      return probes.enter0(fn, parent);
    case 1:
      return probes.enter1(fn, parent, v[0]);
    case 2:
      return probes.enter2(fn, parent, v[0], v[1]);
    case 3:
      return probes.enter3(fn, parent, v[0], v[1], v[2]);
    case 4:
      return probes.enter4(fn, parent, v[0], v[1], v[2], v[3]);
    case 5:
      return probes.enter5(fn, parent, v[0], v[1], v[2], v[3], v[4]);
    case 6:
      return probes.enter6(fn, parent, v[0], v[1], v[2], v[3], v[4], v[5]);
    case 7:
      return probes.enter7(fn, parent, v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
    default:
      return probes.enter8(fn, parent, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
  }
}

/** Reports the first eight of `v` at `site`. */
export function valuesWith(probes: Probes, s: Token, site: number, v: readonly unknown[]): void {
  switch (Math.min(v.length, MAX_PROBE_VALUES)) {
    case 0:
      return probes.values0(s, site);
    case 1:
      return probes.values1(s, site, v[0]);
    case 2:
      return probes.values2(s, site, v[0], v[1]);
    case 3:
      return probes.values3(s, site, v[0], v[1], v[2]);
    case 4:
      return probes.values4(s, site, v[0], v[1], v[2], v[3]);
    case 5:
      return probes.values5(s, site, v[0], v[1], v[2], v[3], v[4]);
    case 6:
      return probes.values6(s, site, v[0], v[1], v[2], v[3], v[4], v[5]);
    case 7:
      return probes.values7(s, site, v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
    default:
      return probes.values8(s, site, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
  }
}
