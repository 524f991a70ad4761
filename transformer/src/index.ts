/**
 * The ts-patch entry: `{ "transform": "@captureflow/transformer" }`. Wiring only: options in, per file read -> plan -> emit,
 * errors out as diagnostics of the build.
 */
import {
  CaptureFlowError,
  createFilter,
  type FileFacts,
  type Filter,
  type Options,
  type Plan,
  planFile,
  type ResolvedOptions,
  resolveOptions,
  toModuleId,
} from '@captureflow/core';
import type ts from 'typescript';
import { forgetBuildState } from './build-state.ts';
import { emit } from './emit.ts';
import { writeManifest } from './manifest.ts';
import { readOutputKind } from './output-kind.ts';
import { read } from './read.ts';
import { reportPlan } from './report.ts';
import { checkRuntime } from './runtime-check.ts';

export type { Options } from '@captureflow/core';

type TS = typeof ts;

/** What ts-patch hands to a transformer beside its own configuration; only what is used here. */
export interface TransformerExtras {
  readonly ts: TS;
  readonly addDiagnostic?: (diagnostic: ts.Diagnostic) => number;
  /** Not from ts-patch: tests look at what was read and decided for each file. */
  readonly onPlan?: (plan: Plan, facts: FileFacts) => void;
}

/** Keys of a tsconfig plugin entry that belong to ts-patch (or to tsc), not to us. */
const HOST_KEYS: ReadonlySet<string> = new Set([
  'transform',
  'import',
  'type',
  'after',
  'afterDeclarations',
  'transformProgram',
  'tsConfig',
  'resolvePathAliases',
  'name',
  'isEsm',
]);

/**
 * Creates the transformer for one program. `config`: the tsconfig entry, `Options` plus ts-patch's own keys.
 * Errors become diagnostics of the build where the host takes them, else they are thrown; a file with an error stays as it was.
 */
export default function createTransformer(
  program: ts.Program | undefined,
  config: Options & Record<string, unknown>,
  extras: TransformerExtras,
): ts.TransformerFactory<ts.SourceFile> {
  const { ts } = extras;
  let state: { readonly options: ResolvedOptions; readonly filter: Filter } | undefined;
  const fail = (error: unknown): void => report(ts, error, program, extras);
  try {
    checkTypeScript(ts);
    const options = resolveOptions(
      Object.fromEntries(Object.entries(config ?? {}).filter(([key]) => !HOST_KEYS.has(key))),
      findRoot(program),
    );
    state = { options, filter: createFilter(options) };
  } catch (error) {
    fail(error);
  }
  const count: OnPlan = (plan, facts) => {
    if (state !== undefined) reportPlan(state.options.root, plan);
    extras.onPlan?.(plan, facts);
  };
  return (context) => (sourceFile) => {
    if (state === undefined || sourceFile.isDeclarationFile || !('statements' in sourceFile)) return sourceFile;
    try {
      return instrument(ts, sourceFile, program, context, state.options, state.filter, count);
    } catch (error) {
      fail(error);
      return sourceFile;
    }
  };
}

type OnPlan = (plan: Plan, facts: FileFacts) => void;

function instrument(
  ts: TS,
  sourceFile: ts.SourceFile,
  program: ts.Program | undefined,
  context: ts.TransformationContext,
  options: ResolvedOptions,
  filter: Filter,
  count: OnPlan,
): ts.SourceFile {
  const moduleId = toModuleId(options.root, sourceFile.fileName);
  // Reading costs more than asking: most excluded files are never read.
  if (!filter.includes(moduleId) || sourceFile.fileName.endsWith('.json')) return sourceFile;
  const kind = readOutputKind(ts, sourceFile, context.getCompilerOptions(), program);
  const facts = read(ts, sourceFile, kind);
  const plan = planFile({
    source: sourceFile.text,
    facts,
    moduleId,
    options,
    filter,
    limits: { derivedInitialisersBreak: isOlderThan(ts, 5, 2) },
  });
  count(plan, facts);
  if (plan.functions.length > 0 && kind === 'esm') checkRuntime(options.runtime, sourceFile.fileName);
  const emitted = emit(ts, sourceFile, plan, context);
  writeManifest(options.root, plan);
  return emitted;
}

function findRoot(program: ts.Program | undefined): string {
  const configFile = program?.getCompilerOptions()['configFilePath'];
  if (typeof configFile === 'string') return configFile.replace(/[\\/][^\\/]*$/, '');
  return program?.getCurrentDirectory() ?? process.cwd();
}

function checkTypeScript(ts: TS): void {
  if (typeof ts.visitEachChild === 'function' && !isOlderThan(ts, 5, 0) && isOlderThan(ts, 7, 0)) return;
  throw new CaptureFlowError('TYPESCRIPT_UNSUPPORTED', { version: ts.version ?? '(unknown)' });
}

function isOlderThan(ts: TS, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = (ts.versionMajorMinor ?? '0').split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function report(ts: TS, error: unknown, program: ts.Program | undefined, extras: TransformerExtras): void {
  if (!(error instanceof CaptureFlowError) || extras.addDiagnostic === undefined || ts.DiagnosticCategory === undefined) throw error;
  if (program !== undefined) {
    forgetBuildState(ts, program.getCompilerOptions());
    if (error.place === undefined && isKnown(program, error.code)) return;
  }
  const file = error.place === undefined ? undefined : program?.getSourceFile(error.place.file);
  const start =
    file === undefined || error.place === undefined
      ? undefined
      : file.getPositionOfLineAndCharacter(error.place.line - 1, error.place.column - 1);
  extras.addDiagnostic({
    category: ts.DiagnosticCategory.Error,
    code: DIAGNOSTIC_CODE,
    messageText: error.message,
    file,
    start,
    length: start === undefined ? undefined : 1,
  });
}

const reported = new WeakMap<ts.Program, Set<string>>();

/** An error without a place is about the project: it is said once, not for every file that meets it. */
function isKnown(program: ts.Program, code: string): boolean {
  const codes = reported.get(program) ?? new Set();
  reported.set(program, codes);
  return codes.size === codes.add(code).size;
}

/** Outside TypeScript's own ranges. */
const DIAGNOSTIC_CODE = 919100;
