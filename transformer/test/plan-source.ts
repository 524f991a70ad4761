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
  /** Emitted JavaScript. */
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
  let facts: FileFacts | undefined;
  let plan: Plan | undefined;
  const transform: ts.TransformerFactory<ts.SourceFile> = (context) => (sourceFile) => {
    facts = read(ts, sourceFile, kind);
    plan = planFile({
      source: sourceFile.text,
      facts,
      moduleId: fileName,
      options: resolved,
      filter: createFilter(resolved),
      limits: { derivedInitialisersBreak },
    });
    return emit(ts, sourceFile, plan, context);
  };
  const module = kind === 'cjs' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext;
  const { outputText, diagnostics } = ts.transpileModule(source, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: { target, module, jsx: ts.JsxEmit.React, experimentalDecorators: /experimental/.test(source) },
    transformers: { before: [transform] },
  });
  const [error] = diagnostics ?? [];
  if (error !== undefined) throw new SyntaxError(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  if (facts === undefined || plan === undefined) throw new Error('the transformer did not run');
  const made = plan;
  return {
    facts,
    plan: made,
    code: outputText,
    names: made.record.f.map((record) => record[0]),
    function(name) {
      const index = made.record.f.findIndex((record) => record[0] === name);
      const record = made.record.f[index];
      const found = made.functions.find((fn) => fn.index === index);
      if (record === undefined || found === undefined) throw new Error(`${name} is not instrumented; there are ${made.record.f.map((r) => r[0]).join(', ')}`);
      return { plan: found, record };
    },
    skipped: Object.fromEntries(made.skippedFunctions.map((fn) => [fn.name, fn.reason])),
  };
}
