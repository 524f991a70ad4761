/**
 * The text instrumenter of one project on a disk: what every host with text uses. Wiring only: parse, read, plan, emit.
 */
import type { FileFacts, HostLimits, Options, Plan, ResolvedOptions, SkipReason } from '@captureflow/core';
import { createPackageTypes, createProject } from '@captureflow/core/build';
import { emit } from './emit.ts';
import { type Format, type Language, parse, type SyntaxProblem } from './parse.ts';
import { read } from './read.ts';
import { readOrigin } from './read-origin.ts';
import { createMap, type IncomingMap, type SourceMap } from './source-map.ts';

export interface Instrumenter {
  readonly options: ResolvedOptions;
  /** Reading costs more than asking: ask first. */
  includes(fileName: string): boolean;
  /** `fileName`: absolute path. Throws PLAN_DESYNC or RUNTIME_MISSING. */
  instrument(code: string, fileName: string, input?: FileInput): InstrumentedFile;
}

export interface FileInput {
  /** How the text reaches the runtime. Default: told by file ending, package and syntax. */
  readonly format?: Format | undefined;
  /** Default: told by the file ending. */
  readonly language?: Language | undefined;
  /** Map of `code` to what it was made from; the answer's map is chained to it. */
  readonly sourceMap?: IncomingMap | undefined;
  /**
   * The text is what a compiler made of the file, and this is the map to it: names, places and comments that count are the user's.
   * Unlike with `sourceMap`, the answer's map leads to `code`.
   */
  readonly origin?: IncomingMap | undefined;
  /** What the compiler behind us does not keep. Default: nothing. */
  readonly limits?: Partial<HostLimits> | undefined;
  /** The host reports errors on the author's text only where we leave it alone: look for those that parsing alone does not find. */
  readonly judges?: boolean | undefined;
  /** Tests look at what was read and decided. */
  readonly onPlan?: ((plan: Plan, facts: FileFacts) => void) | undefined;
}

export interface InstrumentedFile {
  /** Undefined: leave the file as it is. */
  readonly code: string | undefined;
  /** Made when it is asked for. */
  readonly map: SourceMap | undefined;
  /** Says why when nothing was instrumented; SYNTAX_ERROR: the host will say where. */
  readonly plan: Plan;
  /** Undefined: the text was left alone without being read. */
  readonly facts: FileFacts | undefined;
  /** Where the text stops being a program. Hosts that parse it themselves report it better; then `plan.skipped` is SYNTAX_ERROR. */
  readonly syntaxError?: SyntaxProblem;
  /** With `judges`: the text parses, and may be wrong all the same. */
  readonly isDoubtful?: boolean;
}

/** `root`: the host's project root. Throws OPTION_UNKNOWN or OPTION_INVALID. */
export function createInstrumenter(options: Options, root: string): Instrumenter {
  const project = createProject(options, root);
  const packages = createPackageTypes();

  function leave(fileName: string, reason: SkipReason): InstrumentedFile {
    return { code: undefined, map: undefined, plan: project.leave(fileName, reason), facts: undefined };
  }

  return {
    options: project.options,
    includes: project.includes,
    instrument(code, fileName, { language, sourceMap, origin, limits, judges, onPlan, ...input } = {}) {
      const reason = project.includes(fileName) ? project.skips(code) : 'EXCLUDED';
      if (reason !== undefined) return leave(fileName, reason);
      const format = input.format ?? (packages.isModule(fileName) ? 'esm' : undefined);
      const file = parse(code, fileName, format, language, judges);
      if ('message' in file) return { ...leave(fileName, 'SYNTAX_ERROR'), syntaxError: file };
      const facts = read(file, format);
      const plan = project.plan({
        fileName,
        source: code,
        facts,
        limits: { derivedInitialisersBreak: false, ...limits },
        origin: origin === undefined ? undefined : readOrigin(file, facts, origin),
      });
      onPlan?.(plan, facts);
      if (plan.functions.length === 0) return { code: undefined, map: undefined, plan, facts };
      const text = emit(file, facts, plan);
      let map: SourceMap | undefined;
      return {
        code: text.toString(),
        get map() {
          return (map ??= createMap(text, fileName, sourceMap));
        },
        plan,
        facts,
        isDoubtful: file.isDoubtful,
      };
    },
  };
}
