// Stands in until core/estree reads this tree.
import type { FileFacts } from '@captureflow/core';
import ts from 'typescript';
import { read as readTs } from '../../transformer/src/read.ts';
import type { ParsedFile } from './parse.ts';
export function read(file: ParsedFile, format: FileFacts['kind'] | undefined): FileFacts {
  const sf = ts.createSourceFile(
    file.fileName,
    file.source,
    { languageVersion: ts.ScriptTarget.ESNext, impliedNodeFormat: undefined } as never,
    true,
    /\.tsx$/.test(file.fileName) ? ts.ScriptKind.TSX : /ts$/.test(file.fileName) ? ts.ScriptKind.TS : ts.ScriptKind.JSX,
  );
  const hasEsm = file.program.body.some((s) => /^(Import|Export)/.test(s.type));
  return readTs(ts, sf, format ?? (hasEsm ? 'esm' : /\.m[jt]s$/.test(file.fileName) ? 'esm' : 'cjs'));
}
