// Stands in until core/estree reads this tree.
import type { FileFacts } from '@captureflow/core';
import ts from 'typescript';
import type { types } from '@babel/core';
import { read as readTs } from '../../transformer/src/read.ts';
export function read(ast: types.File, source: string, kind: FileFacts['kind']): FileFacts {
  void ast;
  return readTs(ts, ts.createSourceFile('file.tsx', source, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TSX), kind);
}
