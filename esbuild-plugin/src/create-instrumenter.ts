/**
 * The text instrumenter of one project on a disk: what every host with text uses. Wiring only: parse, read, plan, emit.
 */
import type { FileFacts, Options, Plan, ResolvedOptions } from '@captureflow/core';
import { createProject } from '@captureflow/core/build';
import { emit } from './emit.ts';
import { type Format, parse } from './parse.ts';
import { read } from './read.ts';
import { createMap, type IncomingMap, type SourceMap } from './source-map.ts';

export interface Instrumenter {
  readonly options: ResolvedOptions;
  /** Reading costs more than asking: ask first. */
  includes(fileName: string): boolean;
  /** `fileName`: absolute path. Throws PLAN_DESYNC or RUNTIME_MISSING. */
  instrument(code: string, fileName: string, input?: FileInput): InstrumentedFile;
}

export interface FileInput {
  /** How the text reaches the runtime. Default: told by syntax and file ending. */
  readonly format?: Format | undefined;
  /** Map of `code` to what it was made from; the answer's map is chained to it. */
  readonly sourceMap?: IncomingMap | undefined;
  /** Tests look at what was read and decided. */
  readonly onPlan?: ((plan: Plan, facts: FileFacts) => void) | undefined;
}

export interface InstrumentedFile {
  /** Undefined: leave the file as it is. */
  readonly code: string | undefined;
  /** Made when it is asked for. */
  readonly map: SourceMap | undefined;
  readonly plan: Plan;
  readonly facts: FileFacts;
}

/** `root`: the host's project root. Throws OPTION_UNKNOWN or OPTION_INVALID. */
export function createInstrumenter(options: Options, root: string): Instrumenter {
  const project = createProject(options, root);
  return {
    options: project.options,
    includes: project.includes,
    instrument(code, fileName, { format, sourceMap, onPlan } = {}) {
      const file = parse(code, fileName, format);
      if (file === undefined) throw new Error('syntax');
      const facts = read(file, format);
      const plan = project.plan({ fileName, source: code, facts });
      onPlan?.(plan, facts);
      const text = emit(file, facts, plan);
      const isChanged = plan.functions.length > 0;
      let map: SourceMap | undefined;
      return {
        code: isChanged ? text.toString() : undefined,
        get map() {
          if (isChanged) map ??= createMap(text, fileName, sourceMap);
          return map;
        },
        plan,
        facts,
      };
    },
  };
}
