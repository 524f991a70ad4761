/**
 * One file: read -> plan -> emit, then its scopes anew. Must not know Babel's hooks or options of the plugin.
 */
import type { types } from '@babel/core';
import type { FileFacts, Plan } from '@captureflow/core';
import type { Project } from '@captureflow/core/build';
import { detectKind, type Node } from '@captureflow/core/estree';
import { join } from 'node:path';
import type { Babel, BabelFile } from './babel.ts';
import { crawl } from './crawl.ts';
import { emit } from './emit.ts';
import { read } from './read.ts';

export type Instrument = (file: BabelFile, onPlan: (plan: Plan, facts: FileFacts) => void) => void;

/** Named twice in a configuration, the plugin meets its own output. */
const seen = new WeakSet<types.Program>();

/** `dirname`: where a text without a file name is said to be. */
export function createInstrumenter(babel: Babel, project: Project, dirname: string): Instrument {
  return (file, onPlan) => {
    const fileName = file.opts.filename ?? join(dirname, 'unknown.js');
    const { program } = file.ast;
    const { code: source } = file;
    if (seen.has(program) || !project.includes(fileName)) return;
    seen.add(program);
    const facts = read(file.ast, source, detectKind(program as Node, { fileName }));
    const plan = project.plan({ fileName, source, facts });
    onPlan(plan, facts);
    if (plan.functions.length === 0) return;
    emit(babel, { program, source, fileName }, plan);
    crawl(file.path);
  };
}
