/**
 * Comments that steer us: `captureflow:<level>` before a function (for it and all inside it) or before any code (for the file),
 * and `@sensitive` in JSDoc. Reads comment facts and source text only.
 */
import { LEVELS, type Level } from '@captureflow/trace/metadata';
import type { CommentFacts, FileFacts, FunctionFacts } from './facts.ts';

export interface Pragmas {
  readonly file: Level | undefined;
  /** By function index. */
  readonly functions: readonly (Level | undefined)[];
  /** By function index: parameter names that a `@sensitive` tag of its JSDoc names. */
  readonly sensitive: readonly (readonly string[])[];
  /** Offsets of declarations that a `@sensitive` comment stands right before. */
  isSensitiveAt(start: number): boolean;
}

export function readPragmas(source: string, facts: FileFacts): Pragmas {
  const levels: { comment: CommentFacts; level: Level }[] = [];
  for (const comment of facts.comments) {
    const level = levelOf(comment.text);
    if (level !== undefined) levels.push({ comment, level });
  }
  const atHead = levels.find(({ comment }) => isBeforeAllCode(source.slice(0, comment.start)));
  const perFunction = levels.filter((entry) => entry !== atHead);
  const functions = facts.functions.map((fn) => perFunction.findLast(({ comment }) => standsBefore(source, comment, fn))?.level);
  facts.functions.forEach((fn, index) => {
    functions[index] ??= fn.parent < 0 ? undefined : functions[fn.parent];
  });
  const sensitive = facts.comments.filter((comment) => comment.text.includes('@sensitive'));
  return {
    file: atHead?.level,
    functions,
    sensitive: facts.functions.map((fn) => {
      const comment = sensitive.findLast((candidate) => standsBefore(source, candidate, fn));
      return comment === undefined ? [] : [...comment.text.matchAll(/@sensitive\s+(?:\{[^}]*\}\s*)?([\w$]+)/g)].map((match) => match[1] as string);
    }),
    isSensitiveAt: (start) => sensitive.some((comment) => comment.end <= start && /^\s*(?:(?:const|let|var)\s+)?$/.test(source.slice(comment.end, start))),
  };
}

function levelOf(text: string): Level | undefined {
  const word = /captureflow:\s*([a-z]+)/.exec(text)?.[1];
  return LEVELS.find((level) => level === word);
}

function isBeforeAllCode(head: string): boolean {
  const bare = head.replace(/^\uFEFF?(?:#!.*)?/, '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return /^(?:\s|;|'[^'\n]*'|"[^"\n]*")*$/.test(bare);
}

/**
 * Between the comment and the function stand only the words that lead to it: `export const f =`, `static async`, `key:`,
 * a decorator, other comments. A `;` or a brace ends the reach, so a comment never leaks to a later function.
 */
function standsBefore(source: string, comment: CommentFacts, fn: FunctionFacts): boolean {
  if (comment.end > fn.start) return false;
  const between = source.slice(comment.end, fn.start).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return between.length < 400 && !/[;{}]|=>|\bfunction\b/.test(between);
}
