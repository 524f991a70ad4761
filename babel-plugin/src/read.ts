/** Babel's tree, as the parser made it, to facts: core's reader. Must not judge, must not run behind another plugin's changes. */
import type { types } from '@babel/core';
import type { FileFacts } from '@captureflow/core';
import { type Node, readProgram } from '@captureflow/core/estree';

/** `kind`: what the file is once emitted. */
export function read(ast: types.File, source: string, kind: FileFacts['kind']): FileFacts {
  // Babel's types allow nodes without a place; a parser makes none.
  return readProgram(ast.program as Node, source, { kind, comments: (ast.comments ?? []) as readonly Node[] });
}
