/**
 * The source map that a text names in its `sourceMappingURL` comment: JavaScript that a compiler emitted leads back to its source.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface IncomingMapFile {
  /** JSON text. */
  readonly map: string;
  /** The file it was read from; undefined for a map inside the comment. */
  readonly file: string | undefined;
}

const COMMENT = /^[ \t]*(?:\/\/|\/\*)[#@][ \t]*sourceMappingURL=([^\s'"*]+)[ \t]*(?:\*\/)?[ \t]*$/gm;

/** Undefined when there is none, or none that can be read: then lines of `code` itself are the best there is. */
export function readIncomingMap(code: string, fileName: string): IncomingMapFile | undefined {
  if (!code.includes('sourceMappingURL=')) return undefined;
  const url = [...code.matchAll(COMMENT)].at(-1)?.[1];
  if (url === undefined) return undefined;
  try {
    const data = /^data:application\/json[^,]*?(;base64)?,(.*)$/.exec(url);
    if (data !== null) {
      const [, base64, text = ''] = data;
      return { map: base64 === undefined ? decodeURIComponent(text) : Buffer.from(text, 'base64').toString(), file: undefined };
    }
    if (/^(?!file:)[a-z][\w+.-]+:/i.test(url)) return undefined;
    const file = url.startsWith('file:') ? fileURLToPath(url) : resolve(dirname(fileName), decodeURIComponent(url));
    return { map: readFileSync(file, 'utf8'), file };
  } catch {
    return undefined;
  }
}
