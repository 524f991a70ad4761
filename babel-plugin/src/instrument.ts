/**
 * One file: read -> plan -> emit, then its scopes anew. Must not know Babel's hooks or options of the plugin.
 */
import type { types } from '@babel/core';
import type { FileFacts, Plan } from '@captureflow/core';
import { createPackageTypes, type Project } from '@captureflow/core/build';
import { detectKind, type Node } from '@captureflow/core/estree';
import { join } from 'node:path';
import type { Babel, BabelFile } from './babel.ts';
import { crawl } from './crawl.ts';
import { emit } from './emit.ts';
import { read } from './read.ts';
import { isParsed, reprint } from './reprint.ts';

export type Instrument = (file: BabelFile, onPlan: (plan: Plan, facts: FileFacts) => void) => void;

/** Named twice in a configuration, the plugin meets its own output. */
const seen = new WeakSet<types.Program>();

/** `dirname`: where a text without a file name is said to be. */
export function createInstrumenter(babel: Babel, project: Project, dirname: string): Instrument {
  const packageTypes = createPackageTypes();
  return (file, onPlan) => {
    const fileName = file.opts.filename ?? join(dirname, 'unknown.js');
    if (seen.has(file.ast.program) || !project.includes(fileName)) return;
    seen.add(file.ast.program);
    const made = isParsed(babel, file.ast.program, file.code) ? undefined : reprint(babel, file, fileName);
    const { ast, source } = made ?? { ast: file.ast, source: file.code };
    // Only what Babel was told to take for a module can be given an import; it lowers that with the others.
    const isModule = ast.program.sourceType === 'module' && packageTypes.isModule(fileName);
    const facts = read(ast, source, detectKind(ast.program as Node, { fileName, host: isModule ? 'esm' : undefined }));
    const plan = project.plan({ fileName, source, facts, origin: made?.origin });
    onPlan(plan, facts);
    if (plan.functions.length === 0) return;
    emit(babel, { program: ast.program, source, fileName }, plan);
    made?.adopt();
    crawl(file.path, babel.version);
  };
}
