/** A short name for a content. */
import { createHash } from 'node:crypto';

/** 32 hexadecimal digits over all parts and their borders. */
export function hashContent(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
}
