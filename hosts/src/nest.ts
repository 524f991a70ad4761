/**
 * The Nest CLI's compiler plugin (builders `tsc` and `webpack`). Wiring of the TypeScript transformer.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Options } from '@captureflow/transformer';
import type ts from 'typescript';
import { checkVersion } from './check-version.ts';
import { installedVersion } from './installed-version.ts';
import { loadTransformer } from './load-transformer.ts';

export type { Options } from '@captureflow/transformer';

/** What the Nest CLI calls for each program. Errors are thrown: it shows them and ends. */
export function before(options: Options, program: ts.Program): ts.TransformerFactory<ts.SourceFile> {
  checkVersion('Nest CLI', installedVersion('@nestjs/cli', process.cwd()), { from: [11, 0], before: 13 });
  return loadTransformer()(program, { ...options }, { ts: loadTypeScript() });
}

/** The instance that the Nest CLI itself compiles with: kinds of nodes are numbers that differ between versions. */
function loadTypeScript(): typeof ts {
  return createRequire(join(process.cwd(), 'nest-cli.json'))('typescript') as typeof ts;
}
