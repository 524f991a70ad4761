/**
 * The `sourceMappingURL` comment of a file: found, read, replaced. Text only, except that an external map is read from the disk.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RawSourceMap } from './map-sources.ts';

export interface MapComment {
  readonly start: number;
  readonly end: number;
  readonly url: string;
}

export interface FoundMap {
  readonly comment: MapComment;
  readonly map: RawSourceMap;
  /** The map's own file; undefined: it stands in the code. */
  readonly file: string | undefined;
}

/** Only a comment on its own line counts, and only when no code follows it: engines read the last one (ECMA-426). */
const COMMENT = /^[ \t]*(?:\/\/[#@][ \t]*sourceMappingURL=([^\s'"`]+)|\/\*[#@][ \t]*sourceMappingURL=([^\s'"`*]+)[ \t]*\*\/)[ \t]*$/gm;

export function findMapComment(code: string): MapComment | undefined {
  let found: MapComment | undefined;
  for (const match of code.matchAll(COMMENT)) {
    const url = match[1] ?? match[2] ?? '';
    found = { start: match.index, end: match.index + match[0].length, url };
  }
  if (found === undefined) return undefined;
  const rest = code.slice(found.end);
  return /^(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*$/.test(rest) ? found : undefined;
}

/** Throws an Error whose message says, in one clause, why the map cannot be read. */
export function readMap(comment: MapComment, codeFile: string): FoundMap {
  const { url } = comment;
  if (url.startsWith('data:')) return { comment, map: parseMap(decodeDataUrl(url)), file: undefined };
  if (/^[a-z][a-z\d+.-]+:/i.test(url) && !url.startsWith('file:')) throw new Error(`its source map ${url} is not on this disk`);
  const file = url.startsWith('file:') ? fileURLToPath(url) : resolve(dirname(codeFile), decodePath(url));
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`its source map ${url} cannot be read`);
  }
  return { comment, map: parseMap(text), file };
}

export function toDataUrl(map: string): string {
  return `data:application/json;charset=utf-8;base64,${Buffer.from(map).toString('base64')}`;
}

/** `code` with `url` in its last comment, or with a comment at its end if it has none. */
export function withMapUrl(code: string, url: string): string {
  const comment = findMapComment(code);
  const line = `//# sourceMappingURL=${url}`;
  if (comment !== undefined) return code.slice(0, comment.start) + line + code.slice(comment.end);
  return `${code}${code.endsWith('\n') ? '' : '\n'}${line}\n`;
}

function decodePath(url: string): string {
  const path = url.replace(/[?#].*$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function decodeDataUrl(url: string): string {
  const match = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url);
  if (match === null) throw new Error('its source map is a data URL without data');
  const data = match[2] ?? '';
  return match[1] === undefined ? decodeURIComponent(data) : Buffer.from(data, 'base64').toString('utf8');
}

function parseMap(text: string): RawSourceMap {
  let map: unknown;
  try {
    // Servers put a line in front so that a map cannot be run as a script (ECMA-426).
    map = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ''));
  } catch {
    throw new Error('its source map is not JSON');
  }
  if (typeof map !== 'object' || map === null || !('version' in map)) throw new Error('its source map is not a source map');
  return map as RawSourceMap;
}
