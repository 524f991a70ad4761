/**
 * The `mappings` of an edited text: every word and every other character of the source that is no white space leads back to its own place;
 * what was inserted belongs to what stands before it. Lines end with LF only, as other tools for maps count them.
 * Straight into bytes, because a list of segments would be the largest thing that instrumenting a file allocates.
 */
import type { EditedText } from './edited-text.ts';

export function encodeMappings(edited: EditedText): string {
  const { source } = edited;
  let bytes = Buffer.allocUnsafe(source.length * 3 + SLACK);
  let length = 0;
  /** Of the place in the new text, and of the last segment: numbers in a map are differences. */
  let column = 0;
  let lastColumn = 0;
  /** In the source: the place, its line and where that starts; and of the last segment. */
  let place = 0;
  let line = 0;
  let lineStart = 0;
  let lastLine = 0;
  let lastSourceColumn = 0;
  let isFirstOfLine = true;

  function reserve(more: number): void {
    if (length + more <= bytes.length) return;
    const larger = Buffer.allocUnsafe((length + more) * 2);
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
  }

  function addNumber(value: number): void {
    let rest = value < 0 ? (-value << 1) | 1 : value << 1;
    while (rest > 31) {
      bytes[length++] = DIGITS[(rest & 31) | 32] as number;
      rest >>>= 5;
    }
    bytes[length++] = DIGITS[rest] as number;
  }

  /** The new text at `column` comes from `offset`. */
  function addSegment(offset: number): void {
    if (isFirstOfLine) isFirstOfLine = false;
    else bytes[length++] = COMMA;
    addNumber(column - lastColumn);
    bytes[length++] = ZERO;
    addNumber(line - lastLine);
    addNumber(offset - lineStart - lastSourceColumn);
    lastColumn = column;
    lastLine = line;
    lastSourceColumn = offset - lineStart;
  }

  /** Only code that was moved does not go on where the last piece ended. */
  function goTo(offset: number): void {
    if (offset === place) return;
    while (offset < lineStart) {
      line--;
      lineStart = lineStart < 2 ? 0 : source.lastIndexOf('\n', lineStart - 2) + 1;
    }
    for (let end = source.indexOf('\n', lineStart); end >= 0 && end < offset; end = source.indexOf('\n', lineStart)) {
      line++;
      lineStart = end + 1;
    }
  }

  edited.walk({
    copy(start, end) {
      goTo(start);
      // A segment takes a byte and four numbers; a number grows by a digit only where its difference spans 16 times as many characters.
      reserve((end - start) * 6 + SLACK);
      let inWord = false;
      for (let at = start; at < end; at++) {
        const unit = source.charCodeAt(at);
        const kind = unit < 128 ? KINDS[unit] : WORD;
        if (kind === WORD) {
          if (!inWord) addSegment(at);
          inWord = true;
        } else {
          inWord = false;
          if (kind === OTHER) addSegment(at);
          else if (unit === LINE_FEED) {
            bytes[length++] = SEMICOLON;
            line++;
            lineStart = at + 1;
            column = -1;
            lastColumn = 0;
            isFirstOfLine = true;
          }
        }
        column++;
      }
      place = end;
    },
    insert(text) {
      column += text.length;
    },
    replace(start, end, text) {
      goTo(start);
      place = end;
      if (text === '') return;
      reserve(SLACK);
      addSegment(start);
      column += text.length;
    },
  });
  return bytes.toString('latin1', 0, length);
}

/** Enough for a segment of five numbers of any size. */
const SLACK = 64;

const DIGITS: Uint8Array = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const ZERO = 65;
const COMMA = 44;
const SEMICOLON = 59;
const LINE_FEED = 10;

const SPACE = 0;
const WORD = 1;
const OTHER = 2;

/** Of each ASCII character; all others are taken for parts of words. */
const KINDS: Uint8Array = Uint8Array.from({ length: 128 }, (_, unit) => {
  const character = String.fromCharCode(unit);
  if (/\s/.test(character)) return SPACE;
  return /[\w$]/.test(character) ? WORD : OTHER;
});
