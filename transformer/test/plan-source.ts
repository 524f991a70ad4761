/** Runs read -> plan -> emit over a text in process, for tests of decisions. Not a test. */
import { createFilter, type FileFacts, type FunctionPlan, type Options, type Plan, planFile, resolveOptions } from '@captureflow/core';
import type { FunctionRecord } from '@captureflow/trace/metadata';
import ts from 'typescript';
import { emit } from '../src/emit.ts';
import { read } from '../src/read.ts';

export interface PlanSettings {
  readonly kind?: FileFacts['kind'];
  readonly fileName?: string;
  readonly target?: ts.ScriptTarget;
  readonly derivedInitialisersBreak?: boolean;
}

export interface Planned {
  readonly facts: FileFacts;
  readonly plan: Plan;
  /** Emitted JavaScript, made when asked for. */
  readonly code: string;
  /** Names of the instrumented functions, in the record's order. */
  readonly names: readonly string[];
  /** By display name; throws for one that is not instrumented. */
  function(name: string): { readonly plan: FunctionPlan; readonly record: FunctionRecord };
  /** Reason by display name. */
  readonly skipped: Readonly<Record<string, string>>;
}

export function planSource(source: string, options: Options = {}, settings: PlanSettings = {}): Planned {
  const { kind = 'esm', fileName = 'src/a.ts', target = ts.ScriptTarget.ESNext, derivedInitialisersBreak = false } = settings;
  const resolved = resolveOptions(options, '/project');
  const readAndPlan = (sourceFile: ts.SourceFile): { facts: FileFacts; plan: Plan } => {
    const facts = read(ts, sourceFile, kind);
    const limits = { derivedInitialisersBreak };
    return {
      facts,
      plan: planFile({ source: sourceFile.text, facts, moduleId: fileName, options: resolved, filter: createFilter(resolved), limits }),
    };
  };
  const { facts, plan } = readAndPlan(ts.createSourceFile(fileName, source, target, true));

  function emitCode(): string {
    const { outputText, diagnostics } = ts.transpileModule(source, {
      fileName,
      reportDiagnostics: true,
      compilerOptions: {
        target,
        module: kind === 'cjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
        jsx: ts.JsxEmit.React,
        experimentalDecorators: /experimental/.test(source),
      },
      transformers: { before: [(context) => (sourceFile) => emit(ts, sourceFile, readAndPlan(sourceFile).plan, context)] },
    });
    const [error] = diagnostics ?? [];
    if (error !== undefined) throw new SyntaxError(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
    return outputText;
  }

  let code: string | undefined;
  return {
    facts,
    plan,
    get code() {
      return (code ??= emitCode());
    },
    names: plan.record.f.map((record) => record[0]),
    function(name) {
      const index = plan.record.f.findIndex((record) => record[0] === name);
      const record = plan.record.f[index];
      const found = plan.functions.find((fn) => fn.index === index);
      if (record === undefined || found === undefined)
        throw new Error(`${name} is not instrumented; there are ${plan.record.f.map((r) => r[0]).join(', ')}`);
      return { plan: found, record };
    },
    skipped: Object.fromEntries(plan.skippedFunctions.map((fn) => [fn.name, fn.reason])),
  };
}
