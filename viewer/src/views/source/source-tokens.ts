/**
 * Light colouring of one line of TypeScript: comments, strings, numbers, keywords. By lines, so that a pane draws only what is in sight; a
 * template or comment over several lines is known by what `lineStates` says its first character is in. A wrong colour is the worst it can do.
 */

export type TokenKind = 'comment' | 'string' | 'number' | 'keyword' | 'plain';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** What a line begins in. */
export type LineState = 'code' | 'comment' | 'template';

const KEYWORDS = new Set(
  (
    'abstract as async await break case catch class const continue debugger declare default delete do else enum export extends false finally ' +
    'for from function get if implements import in instanceof interface is keyof let namespace new null of package private protected public ' +
    'readonly return satisfies set static super switch this throw true try type typeof undefined using var void while with yield'
  ).split(' '),
);
const PIECE =
  /(?<comment>\/\/.*|\/\*)|(?<string>'(?:\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?)|(?<template>`)|(?<number>\b\d[\w.]*)|(?<word>[\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;

/** Tokens of a line, which together are its text, and what the next line begins in. */
export function tokensOf(line: string, state: LineState = 'code'): { readonly tokens: readonly Token[]; readonly next: LineState } {
  const tokens: { kind: TokenKind; text: string }[] = [];
  const add = (kind: TokenKind, from: number, to: number): void => {
    if (to <= from) return;
    const last = tokens.at(-1);
    if (last?.kind === kind) last.text += line.slice(from, to);
    else tokens.push({ kind, text: line.slice(from, to) });
  };
  let at = 0;
  let now = state;
  while (at < line.length) {
    if (now !== 'code') {
      const end = now === 'comment' ? line.indexOf('*/', at) : templateEnd(line, at);
      const to = end < 0 ? line.length : end + (now === 'comment' ? 2 : 1);
      add(now === 'comment' ? 'comment' : 'string', at, to);
      at = to;
      if (end < 0) break;
      now = 'code';
      continue;
    }
    PIECE.lastIndex = at;
    const match = PIECE.exec(line);
    if (match === null) {
      add('plain', at, line.length);
      break;
    }
    add('plain', at, match.index);
    const { comment, string, number, word } = match.groups as Record<string, string | undefined>;
    at = match.index + match[0].length;
    if (comment === '/*' || match.groups?.['template'] !== undefined) {
      now = comment === undefined ? 'template' : 'comment';
      // The sign itself is coloured as what it opens.
      const end = now === 'comment' ? line.indexOf('*/', at) : templateEnd(line, at);
      const to = end < 0 ? line.length : end + (now === 'comment' ? 2 : 1);
      add(now === 'comment' ? 'comment' : 'string', match.index, to);
      at = to;
      if (end >= 0) now = 'code';
    } else if (comment !== undefined) add('comment', match.index, at);
    else if (string !== undefined) add('string', match.index, at);
    else if (number !== undefined) add('number', match.index, at);
    else add(word !== undefined && KEYWORDS.has(word) ? 'keyword' : 'plain', match.index, at);
  }
  return { tokens, next: now };
}

/** What each line begins in. */
export function lineStates(lines: readonly string[]): LineState[] {
  const states: LineState[] = [];
  let state: LineState = 'code';
  for (const line of lines) {
    states.push(state);
    state = tokensOf(line, state).next;
  }
  return states;
}

function templateEnd(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '`') return at;
  }
  return -1;
}
