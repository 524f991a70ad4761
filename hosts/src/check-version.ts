/**
 * Refuses a host that this version was not made for, in one sentence with the range.
 */
import { CaptureFlowError } from '@captureflow/core';

export interface VersionRange {
  /** First major and minor that work. */
  readonly from: readonly [number, number];
  /** First major that does not. */
  readonly before: number;
}

/** `version` undefined: the host does not say, and is trusted. Throws HOST_UNSUPPORTED. */
export function checkVersion(host: string, version: string | undefined, { from, before }: VersionRange): void {
  if (version === undefined) return;
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if ((major > from[0] || (major === from[0] && minor >= from[1])) && major < before) return;
  const range = from[0] === before - 1 && from[1] === 0 ? `${host} ${from[0]}` : `${host} from ${from.join('.')} on and below ${before}`;
  throw new CaptureFlowError('HOST_UNSUPPORTED', { host, version, range });
}
