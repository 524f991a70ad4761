/**
 * A text with insertions, as the emitter makes it: put into place in one pass, in the order of the source. Every text that is inserted is
 * one line. Must not know the plan or the tree.
 *
 * Own code, because of all that a library for edited text can do this needs three verbs, and because the map is mechanical then:
 * with magic-string, text and map took as long as parsing, reading and planning (bench/README.md, "What building costs").
 */
import { lowerBound } from '@captureflow/core';

export interface EditedText {
  readonly source: string;
  /** Inserts behind what ends at `offset`, and behind what was put there before; goes where that goes. */
  insertLeft(offset: number, text: string): void;
  /** Inserts before what starts at `offset`, but behind what was put there before; goes where that goes. */
  insertRight(offset: number, text: string): void;
  /** A piece of one line. Must not overlap with another replacement; nothing may be inserted inside. */
  replace(start: number, end: number, text: string): void;
  /** Puts a piece, with all that was and will be inserted in it, before what starts at `target`, behind what was moved there before. */
  move(start: number, end: number, target: number): void;
  /** All of the text in its new order. */
  walk(sink: TextSink): void;
  /** The new text. */
  toString(): string;
}

export interface TextSink {
  /** The source from `start` to `end`; never empty. */
  copy(start: number, end: number): void;
  insert(text: string): void;
  /** `text` stands for the source from `start` to `end`. */
  replace(start: number, end: number, text: string): void;
}

/** Sides of an offset, in the order of what stands there. */
const LEFT = 0;
const RIGHT = 1;
const REPLACED = 2;
const SIDES = 4;

interface Range {
  readonly start: number;
  end: number;
}

export function createEditedText(source: string): EditedText {
  const texts: string[] = [];
  /** Offset times SIDES plus side, of each of `texts`. */
  let keys: number[] = [];
  const ends = new Map<number, number>();
  const ranges: Range[] = [{ start: 0, end: source.length }];
  let isSorted = true;
  let last = -1;

  function add(key: number, text: string): void {
    if (key < last) isSorted = false;
    last = key;
    keys.push(key);
    texts.push(text);
  }

  /** Emitters walk in the order of the source, so this is for the few that hoist. */
  function sort(): void {
    if (isSorted) return;
    const order = keys.map((_, index) => index).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
    const sorted = order.map((index) => texts[index] as string);
    keys = order.map((index) => keys[index] as number);
    for (const [index, text] of sorted.entries()) texts[index] = text;
    isSorted = true;
    last = keys.at(-1) ?? -1;
  }

  /** A range starts at `offset` from now on: its index. */
  function splitAt(offset: number): number {
    const index = ranges.findIndex((range) => range.start <= offset && offset < range.end);
    const range = ranges[index];
    if (range === undefined) return ranges.length;
    if (range.start === offset) return index;
    ranges.splice(index + 1, 0, { start: offset, end: range.end });
    range.end = offset;
    return index + 1;
  }

  function walkRange(range: Range, sink: TextSink): void {
    const from = range.start === 0 ? 0 : range.start * SIDES + RIGHT;
    const to = range.end * SIDES + (range.end === source.length ? RIGHT : LEFT);
    let at = range.start;
    for (let k = lowerBound(keys, from); k < keys.length; k++) {
      const key = keys[k] as number;
      if (key > to) break;
      const offset = Math.floor(key / SIDES);
      if (offset > at) sink.copy(at, offset);
      at = offset;
      if (key % SIDES === REPLACED) {
        at = ends.get(offset) as number;
        sink.replace(offset, at, texts[k] as string);
      } else sink.insert(texts[k] as string);
    }
    if (range.end > at) sink.copy(at, range.end);
  }

  function walk(sink: TextSink): void {
    sort();
    for (const range of ranges) walkRange(range, sink);
  }

  return {
    source,
    insertLeft: (offset, text) => add(offset * SIDES + LEFT, text),
    insertRight: (offset, text) => add(offset * SIDES + RIGHT, text),
    replace(start, end, text) {
      ends.set(start, end);
      add(start * SIDES + REPLACED, text);
    },
    move(start, end, target) {
      splitAt(end);
      const first = splitAt(start);
      let count = 1;
      while (ranges[first + count - 1]?.end !== end) count++;
      const moved = ranges.splice(first, count);
      ranges.splice(splitAt(target), 0, ...moved);
    },
    walk,
    toString() {
      let text = '';
      walk({
        copy: (start, end) => void (text += source.slice(start, end)),
        insert: (inserted) => void (text += inserted),
        replace: (_start, _end, inserted) => void (text += inserted),
      });
      return text;
    },
  };
}
