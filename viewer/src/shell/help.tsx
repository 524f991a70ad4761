/** The keys, for who asks with `?`. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { helpIsOpen } from './global-keys.ts';

interface KeyGroup {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, what: string])[];
}

const KEYS: readonly KeyGroup[] = [
  {
    title: 'Everywhere',
    keys: [
      ['1 … 7', 'views'],
      ['/', 'search, or filter the list'],
      ['n N', 'next and previous match of the search'],
      ['[ ]', 'newer and older trace of the list'],
      ['Backspace', 'back to the list'],
      ['?', 'this help'],
    ],
  },
  {
    title: 'Flame chart',
    keys: [
      ['W S', 'zoom in, out'],
      ['A D', 'pan'],
      ['← →', 'neighbours in the row'],
      ['↑ ↓', 'caller, first call'],
      ['Enter', 'zoom to the selected span'],
      ['0', 'the whole trace'],
      ['Esc', 'select nothing'],
      ['Wheel', 'zoom; with Shift: scroll'],
      ['Drag', 'pan; in the overview: choose a range'],
    ],
  },
  {
    title: 'Call tree, comparison',
    keys: [
      ['↑ ↓', 'rows; also Page up and down, Home, End'],
      ['→', 'open, then first call'],
      ['←', 'close, then caller'],
      ['*', 'open all beside'],
      ['Enter', 'source of the call'],
    ],
  },
  {
    title: 'Source',
    keys: [
      ['← →', 'step'],
      ['Shift ← →', 'visits of the line'],
      ['Enter', 'go to the first call of the line'],
    ],
  },
  {
    title: 'Merged, call graph',
    keys: [
      ['↑ ↓', 'caller, heaviest callee'],
      ['← →', 'neighbours'],
      ['Enter', 'zoom in; callers and callees'],
      ['Esc 0', 'show all'],
      ['+ −', 'zoom the graph'],
    ],
  },
];

export function Help(): JSX.Element | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpIsOpen.value;
  useEffect(() => {
    if (open && dialog.current?.open === false) dialog.current.showModal();
  }, [open]);
  if (!open) return null;
  const close = (): void => {
    helpIsOpen.value = false;
  };
  return (
    <dialog ref={dialog} class="help" aria-label="Keyboard" onClose={close} onClick={(event) => event.target === dialog.current && close()}>
      <div class="help-content">
        {KEYS.map(({ title, keys }) => (
          <section key={title}>
            <h2>{title}</h2>
            <dl>
              {keys.map(([name, what]) => (
                <div key={name}>
                  <dt>
                    <kbd>{name}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
