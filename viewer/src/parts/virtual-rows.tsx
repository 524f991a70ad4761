/**
 * A list of which only the rows in sight exist, however many there are. The list has the focus and names its active row, so that a row that
 * scrolls away does not take the focus with it.
 */
import type { ComponentChild, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import './view-bar.css';
import './virtual-rows.css';

/** Beyond this browsers cut an element's height; the scroll bar then stands for rows, not for pixels. */
const TALLEST = 8_000_000;
const OVERSCAN = 6;

export interface VirtualRowsProps {
  readonly id: string;
  readonly label: string;
  readonly role: 'tree' | 'listbox' | 'treegrid' | 'grid';
  readonly class?: string;
  readonly count: number;
  /** Row that keyboard and screen readers are at, -1: none. It is scrolled into sight when it changes. */
  readonly active: number;
  /** The element of a row; takes `rowId` as its id. */
  readonly row: (row: number, rowId: string) => ComponentChild;
  /** Told which rows are shown, to load what they need. */
  readonly onShown?: (first: number, end: number) => void;
  readonly onKeyDown?: (event: KeyboardEvent, pageSize: number) => void;
  /** Changes whenever the active row is to be brought into sight again. */
  readonly reveal?: unknown;
}

export function VirtualRows(props: VirtualRowsProps): JSX.Element {
  const { id, label, role, count, active, row, onShown, onKeyDown } = props;
  const list = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState({ top: 0, height: 600, rowHeight: 22 });
  const full = count * shown.rowHeight;
  const tall = Math.min(full, TALLEST);
  // Where the list is longer than an element may be, a pixel of the scroll bar stands for several.
  const scale = tall > shown.height && full > tall ? (full - shown.height) / (tall - shown.height) : 1;
  const offset = shown.top * scale;
  const first = Math.max(Math.floor(offset / shown.rowHeight) - OVERSCAN, 0);
  const end = Math.min(Math.ceil((offset + shown.height) / shown.rowHeight) + OVERSCAN, count);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const measure = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setShown((now) => ({ ...now, height: element.clientHeight, rowHeight: Math.round(rem * 1.375) }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || active < 0) return;
    const above = active * shown.rowHeight;
    if (above >= offset && above + shown.rowHeight <= offset + element.clientHeight) return;
    const wanted = above < offset && offset - above < element.clientHeight ? above : above - element.clientHeight / 2;
    element.scrollTop = Math.max(wanted, 0) / scale;
    // The listener comes with the next frame only, and rows must not jump until then.
    setShown((now) => ({ ...now, top: element.scrollTop }));
  }, [active, shown.rowHeight, props.reveal]);

  useLayoutEffect(() => onShown?.(first, end));

  const rows: ComponentChild[] = [];
  for (let index = first; index < end; index++) rows.push(row(index, `${id}-${index}`));
  return (
    <div
      id={id}
      ref={list}
      class={`virtual-rows ${props.class ?? ''}`}
      role={role}
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={active >= first && active < end ? `${id}-${active}` : undefined}
      onScroll={(event) => {
        const top = event.currentTarget.scrollTop;
        setShown((now) => (now.top === top ? now : { ...now, top }));
      }}
      onKeyDown={(event) => onKeyDown?.(event, Math.max(Math.floor(shown.height / shown.rowHeight) - 1, 1))}
    >
      <div class="virtual-space" role="presentation" style={{ height: `${tall}px` }}>
        <div class="virtual-window" role="presentation" style={{ top: `${shown.top - (offset - first * shown.rowHeight)}px` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}

/** Where a key moves in a list; undefined: it does not. */
export function movedRow(key: string, active: number, count: number, pageSize: number): number | undefined {
  if (count === 0) return undefined;
  const to = (row: number): number => Math.min(Math.max(row, 0), count - 1);
  if (key === 'ArrowDown') return to(active + 1);
  if (key === 'ArrowUp') return to(active - 1);
  if (key === 'PageDown') return to(active + pageSize);
  if (key === 'PageUp') return to(active - pageSize);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return undefined;
}
