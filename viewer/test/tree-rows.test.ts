import { describe, expect, it } from 'vitest';
import { ChildIndex } from '../src/state/child-index.ts';
import { openFirst, reveal, rowOf, siblingPlaces, treeRows, type ChildLinks, type TreeRows } from '../src/views/tree/tree-rows.ts';

function linksOf(parents: Int32Array): ChildLinks {
  const none = new Float64Array(parents.length);
  return new ChildIndex({
    count: parents.length,
    start: none,
    end: none,
    parent: parents,
    functionIndex: new Uint32Array(none),
    flags: new Uint16Array(none),
  });
}

function texts(rows: TreeRows): string[] {
  return Array.from({ length: rows.count }, (_, row) => `${'.'.repeat(rows.depth[row]!)}${rows.span[row]}`);
}

//  0 -> (1 -> 3, 4), 2;  5
const parent = Int32Array.of(-1, 0, 0, 1, 1, -1);

describe('rows of a call tree', () => {
  it('show only the children of open spans, in order of start', () => {
    const isOpen = new Uint8Array(6);
    expect(texts(treeRows(linksOf(parent), parent, isOpen))).toEqual(['0', '5']);
    isOpen[1] = 1;
    expect(texts(treeRows(linksOf(parent), parent, isOpen))).toEqual(['0', '5']);
    isOpen[0] = 1;
    expect(texts(treeRows(linksOf(parent), parent, isOpen))).toEqual(['0', '.1', '..3', '..4', '.2', '5']);
  });

  it('have a row for a span once everything above it is open', () => {
    const isOpen = new Uint8Array(6);
    const links = linksOf(parent);
    expect(rowOf(treeRows(links, parent, isOpen), 4)).toBe(-1);
    expect(reveal(parent, isOpen, 4)).toBe(true);
    expect(rowOf(treeRows(links, parent, isOpen), 4)).toBe(3);
    expect(reveal(parent, isOpen, 4)).toBe(false);
  });

  it('know their place among their siblings', () => {
    const { position, childCount, rootCount } = siblingPlaces(parent);
    expect([...position]).toEqual([1, 1, 2, 1, 2, 2]);
    expect([...childCount]).toEqual([2, 2, 0, 0, 0, 0]);
    expect(rootCount).toBe(2);
  });

  it('come up open as far as they fit', () => {
    const isOpen = new Uint8Array(6);
    openFirst(linksOf(parent), isOpen, siblingPlaces(parent).childCount, 4);
    expect([...isOpen]).toEqual([1, 0, 0, 0, 0, 0]);
  });

  it('of an empty trace are none', () => {
    const none = new Int32Array(0);
    expect(treeRows(linksOf(none), none, new Uint8Array(0)).count).toBe(0);
  });

  it('reach 100,000 levels and a million rows', () => {
    const count = 1_000_000;
    const deep = 100_000;
    const parents = Int32Array.from({ length: count }, (_, span) => (span < deep ? span - 1 : deep - 1));
    const rows = treeRows(linksOf(parents), parents, new Uint8Array(count).fill(1));
    expect(rows.count).toBe(count);
    expect(rows.depth[deep]).toBe(deep);
    expect(rows.span[count - 1]).toBe(count - 1);
  });
});
