/**
 * Source text to an ESTree with parentheses, by oxc-parser. Must not judge: what does not parse is the host's to report.
 */
import { createLineIndex } from '@captureflow/core';
import { type Comment, type ParseResult, type ParserOptions, parseSync, type Program, rawTransferSupported } from 'oxc-parser';

export interface ParsedFile {
  readonly fileName: string;
  readonly source: string;
  readonly program: Program;
  /** A list that is made when it is asked for. */
  readonly comments: readonly Comment[];
  /** Its grammar is right, but something else is not (`let a; let a`). Looked for when `judges` is set; whether it is an error is the host's to say. */
  readonly isDoubtful: boolean;
}

export type Format = 'esm' | 'cjs' | 'script';

type SourceType = Exclude<ParserOptions['sourceType'], undefined>;

export type Language = 'js' | 'jsx' | 'ts' | 'tsx';

export interface SyntaxProblem {
  /** The parser's sentence. */
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** `format`: undefined when syntax has to tell. The answer is the first problem for text with syntax errors. */
export function parse(
  source: string,
  fileName: string,
  format: Format | undefined,
  language: Language = languageOf(fileName),
  judges = false,
): ParsedFile | SyntaxProblem {
  let problem: SyntaxProblem | undefined;
  // Node takes a hashbang behind a byte order mark, the parser does not; a comment is as long.
  const text = source.startsWith('\uFEFF#!') ? ` //${source.slice(3)}` : source;
  for (const sourceType of sourceTypes(source, fileName, format)) {
    let result = parseText(fileName, text, { lang: language, sourceType, showSemanticErrors: judges });
    const isDoubtful = judges && result.errors.length > 0;
    if (isDoubtful) result = parseText(fileName, text, { lang: language, sourceType });
    const [error] = result.errors;
    if (error === undefined) {
      return {
        fileName,
        source,
        program: result.program,
        get comments() {
          return result.comments;
        },
        isDoubtful,
      };
    }
    problem ??= { message: error.message, ...createLineIndex(source).at(error.labels[0]?.start ?? 0) };
  }
  return problem as SyntaxProblem;
}

/**
 * The tree through shared memory instead of JSON: the same tree in a third of the time. It reserves 6 GB of addresses, of which
 * only what a tree fills becomes memory; Windows would count all of it, Node 20 has no such buffers, and where a limit forbids it JSON does.
 */
let sharesMemory = process.platform !== 'win32' && rawTransferSupported();

function parseText(fileName: string, text: string, options: ParserOptions): ParseResult {
  if (sharesMemory) {
    try {
      return parseSync(fileName, text, { ...options, experimentalRawTransfer: true } as ParserOptions);
    } catch {
      sharesMemory = false;
    }
  }
  return parseSync(fileName, text, options);
}

/** JavaScript is read with JSX: no text means anything else with it, and many projects keep JSX in `.js`. */
function languageOf(fileName: string): Language {
  if (/\.[cm]?ts$/.test(fileName)) return 'ts';
  return fileName.endsWith('.tsx') ? 'tsx' : 'jsx';
}

/** What a text may be, the likeliest first. CommonJS allows what scripts do and a `return` beside. */
function sourceTypes(source: string, fileName: string, format: Format | undefined): readonly SourceType[] {
  if (/\.m[jt]s$/.test(fileName) || format === 'esm') return ['module'];
  if (format === 'script') return ['script'];
  return LOOKS_LIKE_MODULE.test(source) ? ['module', 'commonjs'] : ['commonjs', 'module'];
}

/** A guess that saves a second parse. */
const LOOKS_LIKE_MODULE = /^\s*(?:import|export)\b/m;
