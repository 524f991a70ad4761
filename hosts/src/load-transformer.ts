/**
 * The TypeScript transformer, as the user installed it. By `require`, because it is CommonJS with a `default`, which every bundler and
 * Node read differently from an import.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type createTransformer from '@captureflow/transformer';
import { hashContent } from './hash-content.ts';

const require = createRequire(import.meta.url);
const NAME = '@captureflow/transformer';

export function loadTransformer(): typeof createTransformer {
  return (require(NAME) as { default: typeof createTransformer }).default;
}

/** Another build of it makes other code, whatever its version says. */
export function transformerBuild(): number {
  return Number.parseInt(hashContent(readFileSync(require.resolve(NAME))).slice(0, 8), 16);
}
