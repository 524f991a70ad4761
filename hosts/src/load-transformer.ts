/**
 * The TypeScript transformer, as the user installed it. By `require`, because it is CommonJS with a `default`, which every bundler and
 * Node read differently from an import.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type createTransformer from '@captureflow/transformer';
import { hashContent } from './hash-content.ts';
import { resolveModule } from './resolve-module.ts';

const require = createRequire(import.meta.url);
const NAME = '@captureflow/transformer';

export function loadTransformer(): typeof createTransformer {
  return (require(resolveTransformer()) as { default: typeof createTransformer }).default;
}

/** Throws HOST_MODULE_MISSING: only two of the entries need it, so it is no dependency. */
function resolveTransformer(): string {
  return resolveModule(require, NAME, 'This entry of @captureflow/hosts', process.cwd());
}

/** Another build of it makes other code, whatever its version says. */
export function transformerBuild(): number {
  return Number.parseInt(hashContent(readFileSync(resolveTransformer())).slice(0, 8), 16);
}
