/**
 * The ts-patch entry: `{ "transform": "@captureflow/transformer" }`. Wiring only: options in, per file read -> plan -> emit,
 * errors out as diagnostics of the build.
 */
import { CaptureFlowError, type FileFacts, type Options, type Plan } from '@captureflow/core';
import { createProject, type Project } from '@captureflow/core/build';
import type ts from 'typescript';
import { forgetBuildState } from './build-state.ts';
import { emit } from './emit.ts';
import { readOutputKind } from './output-kind.ts';
import { read } from './read.ts';

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
  let project: Project | undefined;
  const fail = (error: unknown): void => report(ts, error, program, extras);
  try {
    checkTypeScript(ts);
    const options = Object.fromEntries(Object.entries(config ?? {}).filter(([key]) => !HOST_KEYS.has(key)));
    project = createProject(options, findRoot(program));
  } catch (error) {
    fail(error);
  }
  return (context) => (sourceFile) => {
    if (project === undefined || sourceFile.isDeclarationFile || !('statements' in sourceFile)) return sourceFile;
    try {
      return instrument(ts, sourceFile, program, context, project, extras.onPlan);
    } catch (error) {
      fail(error);
      return sourceFile;
    }
  };
}

function instrument(
  ts: TS,
  sourceFile: ts.SourceFile,
  program: ts.Program | undefined,
  context: ts.TransformationContext,
  project: Project,
  onPlan: TransformerExtras['onPlan'],
): ts.SourceFile {
  const { fileName, text: source } = sourceFile;
  if (!project.includes(fileName) || fileName.endsWith('.json')) return sourceFile;
  if (hasSyntaxErrors(sourceFile)) {
    project.leave(fileName, 'SYNTAX_ERROR');
    return sourceFile;
  }
  const facts = read(ts, sourceFile, readOutputKind(ts, sourceFile, context.getCompilerOptions(), program));
  const plan = project.plan({ fileName, source, facts, limits: { derivedInitialisersBreak: isOlderThan(ts, 5, 2) } });
  onPlan?.(plan, facts);
  return emit(ts, sourceFile, plan, context);
}

/** The compiler reports them, and prints the file all the same: with made up nodes that no plan can be laid upon. Not in its declarations. */
function hasSyntaxErrors(sourceFile: ts.SourceFile): boolean {
  return ((sourceFile as { parseDiagnostics?: readonly unknown[] }).parseDiagnostics ?? []).length > 0;
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
