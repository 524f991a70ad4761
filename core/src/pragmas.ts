/**
 * Comments that steer us: `captureflow:<level>` before a function (for it and all inside it) or before any code (for the file),
 * and `@sensitive` in JSDoc. Reads comment facts and source text only.
 */
import { LEVELS, type Level } from '@captureflow/trace/metadata';
import type { CommentFacts, FileFacts, FunctionFacts } from './facts.ts';

export interface Pragmas {
  readonly file: Level | undefined;
  /** By function index; empty in files without comments of ours, like the next. */
  readonly functions: readonly (Level | undefined)[];
  /** By function index: parameter names that a `@sensitive` tag of its JSDoc names. */
  readonly sensitive: readonly (readonly string[])[];
  /** Offsets of declarations that a `@sensitive` comment stands right before. */
  isSensitiveAt(start: number): boolean;
}

const NONE: Pragmas = { file: undefined, functions: [], sensitive: [], isSensitiveAt: () => false };

export function readPragmas(source: string, facts: FileFacts): Pragmas {
  if (facts.comments.length === 0) return NONE;
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
      return comment === undefined
        ? []
        : [...comment.text.matchAll(/@sensitive\s+(?:\{[^}]*\}\s*)?([\w$]+)/g)].map((match) => match[1] as string);
    }),
    isSensitiveAt: (start) =>
      sensitive.some((comment) => comment.end <= start && /^\s*(?:(?:const|let|var)\s+)?$/.test(source.slice(comment.end, start))),
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

/** Far more than any decorators and call that lead to a function; bounds the work for files with many comments. */
const REACH = 2000;

function standsBefore(source: string, comment: CommentFacts, fn: FunctionFacts): boolean {
  return comment.end <= fn.start && fn.start - comment.end < REACH && leadsTo(source.slice(comment.end, fn.start));
}

/** Strings and comments, whose content must not be taken for code. */
const OPAQUE = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/** At a line end these say that the statement goes on; so does a decorator before its member. */
const GOES_ON =
  /(?:[=(,:[?&|<.@]|\b(?:export|default|declare|async|static|public|private|protected|readonly|override|abstract|accessor|const|let|var|return|await|new|yield|get|set))$/;

/**
 * Whether only words that lead to a function stand in `between`: `export const f =`, `static async`, `key:`, decorators, a call
 * that takes it. A `;`, a comma, another function, the end of a statement or an open brace ends a comment's reach, so it never
 * leaks to a later function.
 */
function leadsTo(between: string): boolean {
  const text = between.replace(OPAQUE, (match) => (/^['"`]/.test(match) ? "''" : ' ')).replace(/(?<=\w)<[^<>(){};]*>/g, '');
  if (/=>|\bfunction\b/.test(text)) return false;
  const open: string[] = [];
  for (const match of text.matchAll(/[()[\]{};,\n]/g)) {
    const mark = match[0];
    if (mark === '(' || mark === '[' || mark === '{') {
      if (mark === '{' && open.length === 0) return false;
      open.push(mark);
    } else if (mark === ')' || mark === ']' || mark === '}') {
      if (open.pop() === undefined) return false;
    } else if (mark === ';' || (open.length === 0 && (mark === ',' || endsStatement(text.slice(0, match.index), text.slice(match.index)))))
      return false;
  }
  return !open.includes('{');
}

/** Automatic semicolon insertion, as far as it matters between a comment and a function. */
function endsStatement(before: string, after: string): boolean {
  const head = before.trim();
  const isDecorator = /(?:^|\n)\s*@[^\n]*$|^@/.test(head);
  return head !== '' && !isDecorator && !GOES_ON.test(head) && !/^\s*[=.(?:[|&]/.test(after);
}
