/**
 * Source text to an ESTree with parentheses, by oxc-parser. Must not judge: what does not parse is the host's to report.
 */
import { type Comment, type Program, type ParserOptions, parseSync } from 'oxc-parser';

export interface ParsedFile {
  readonly fileName: string;
  readonly source: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

export type Format = 'esm' | 'cjs' | 'script';

export type Language = 'js' | 'jsx' | 'ts' | 'tsx';

/** `format`: undefined when syntax has to tell. The answer is undefined for text with syntax errors. */
export function parse(
  source: string,
  fileName: string,
  format: Format | undefined,
  language: Language = languageOf(fileName),
): ParsedFile | undefined {
  for (const sourceType of sourceTypes(fileName, format)) {
    const result = parseSync(fileName, source, { lang: language, sourceType });
    if (result.errors.length === 0) return { fileName, source, program: result.program, comments: result.comments };
  }
  return undefined;
}

/** JavaScript is read with JSX: no text means anything else with it, and many projects keep JSX in `.js`. */
function languageOf(fileName: string): Language {
  if (/\.[cm]?ts$/.test(fileName)) return 'ts';
  return fileName.endsWith('.tsx') ? 'tsx' : 'jsx';
}

/** What a text may be, the likeliest first. CommonJS allows what scripts do and a `return` beside. */
function sourceTypes(fileName: string, format: Format | undefined): readonly Exclude<ParserOptions['sourceType'], undefined>[] {
  if (/\.m[jt]s$/.test(fileName)) return ['module'];
  if (format === undefined) return ['unambiguous', 'commonjs'];
  return format === 'esm' ? ['module'] : format === 'cjs' ? ['commonjs', 'module'] : ['script'];
}
