/**
 * What TypeScript will make of a file: ESM, CommonJS or a script. Decides nothing but that; the answer is a fact (H92, H93).
 */
import { CaptureFlowError, type FileFacts } from '@captureflow/core';
import type ts from 'typescript';

type TS = typeof ts;

/** Throws MODULE_UNSUPPORTED for AMD, UMD, System and None: their wrappers have no place for our import. */
export function readOutputKind(
  ts: TS,
  sourceFile: ts.SourceFile,
  options: ts.CompilerOptions,
  program: ts.Program | undefined,
): FileFacts['kind'] {
  const kind = emitModuleKind(ts, sourceFile, options, program);
  const { ModuleKind } = ts;
  if (kind === ModuleKind.None || kind === ModuleKind.AMD || kind === ModuleKind.UMD || kind === ModuleKind.System) {
    throw new CaptureFlowError('MODULE_UNSUPPORTED', { kind: ModuleKind[kind] });
  }
  if (kind === ModuleKind.CommonJS) return 'cjs';
  if (!ts.isExternalModule(sourceFile)) return 'script';
  return kind === PRESERVE && !hasModuleSyntax(ts, sourceFile) ? 'cjs' : 'esm';
}

/** `ModuleKind.Preserve`; as a number, because TypeScript below 5.4 does not know the name. */
const PRESERVE = 200;

function emitModuleKind(ts: TS, sourceFile: ts.SourceFile, options: ts.CompilerOptions, program: ts.Program | undefined): ts.ModuleKind {
  const declared = options.module ?? defaultModuleKind(ts, options);
  const isNode = declared >= ts.ModuleKind.Node16 && declared <= ts.ModuleKind.NodeNext;
  if (!isNode && declared !== PRESERVE && declared < ts.ModuleKind.ES2015) return declared;
  // Absent before TypeScript 5.6.
  const format = (
    program as { getEmitModuleFormatOfFile?: (file: ts.SourceFile) => ts.ModuleKind } | undefined
  )?.getEmitModuleFormatOfFile?.(sourceFile);
  if (format !== undefined && !isNode) return format;
  if (isNode) return (format ?? sourceFile.impliedNodeFormat) === ts.ModuleKind.CommonJS ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext;
  return declared;
}

/** The compiler's own rule, where it exports it (it is not in the type declarations). */
function defaultModuleKind(ts: TS, options: ts.CompilerOptions): ts.ModuleKind {
  const own = (ts as TS & { getEmitModuleKind?: (options: ts.CompilerOptions) => ts.ModuleKind }).getEmitModuleKind;
  return own?.(options) ?? ts.ModuleKind.CommonJS;
}

function hasModuleSyntax(ts: TS, sourceFile: ts.SourceFile): boolean {
  return sourceFile.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      (ts.isExportAssignment(statement) && statement.isExportEquals !== true) ||
      (ts.canHaveModifiers(statement) &&
        ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true),
  );
}
