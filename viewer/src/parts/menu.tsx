/** A button that opens a menu below it: arrows, Home and End move, Enter chooses, Escape and Tab close; the button gets the focus back. */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import './menu.css';

export interface MenuItem {
  readonly name: string;
  /** Beside it, quieter. */
  readonly note?: string;
  readonly choose: () => void;
  /** A line above it. */
  readonly divided?: boolean;
}

export interface MenuProps {
  readonly label: string;
  readonly title?: string;
  readonly items: readonly MenuItem[];
}

export function Menu({ label, title, items }: MenuProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const [current, setCurrent] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const show = (index: number): void => {
    setCurrent(index);
    setOpen(true);
  };
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  useLayoutEffect(() => {
    if (open) box.current?.querySelectorAll<HTMLElement>('[role=menuitem]')[current]?.focus();
  }, [open, current]);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', outside);
    addEventListener('focusin', outside);
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('focusin', outside);
    };
  }, [open]);
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!open) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
      show(event.key === 'ArrowDown' ? 0 : items.length - 1);
    } else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') return setOpen(false);
    else {
      const next = nextItem(event.key, current, items);
      if (next === undefined) {
        // Keys of the page mean nothing here; Enter and Space press the item.
        event.stopPropagation();
        return;
      }
      setCurrent(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={box} class="menu" onKeyDown={press}>
      <button
        ref={button}
        type="button"
        class="quiet"
        title={title}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => (open ? close() : show(0))}
      >
        {label} <span aria-hidden="true">▾</span>
      </button>
      {open && (
        <div class="menu-items" role="menu" aria-label={label}>
          {items.map(({ name, note, choose, divided }, index) => (
            <button
              key={name}
              type="button"
              role="menuitem"
              class={`menu-item ${divided === true ? 'is-divided' : ''}`}
              tabIndex={index === current ? 0 : -1}
              onPointerEnter={() => setCurrent(index)}
              onClick={() => {
                close();
                choose();
              }}
            >
              <span>{name}</span>
              {note !== undefined && <span class="menu-note">{note}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Letters go to the next item that begins with them, as in menus of the system. */
function nextItem(key: string, current: number, items: readonly MenuItem[]): number | undefined {
  const count = items.length;
  if (key === 'ArrowDown') return (current + 1) % count;
  if (key === 'ArrowUp') return (current + count - 1) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key.length !== 1 || key === ' ') return undefined;
  for (let step = 1; step <= count; step++) {
    const at = (current + step) % count;
    if (items[at]?.name.toLowerCase().startsWith(key.toLowerCase()) === true) return at;
  }
  return undefined;
}
