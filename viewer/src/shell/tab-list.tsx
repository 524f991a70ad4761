/** The tabs of the views: arrows move, the number of a tab is its key. */
import type { JSX } from 'preact';
import { activeView } from '../state/state.ts';
import type { ViewName } from '../state/state.ts';
import type { ViewEntry } from '../views/views.ts';

export function TabList({ views, active }: { readonly views: readonly ViewEntry[]; readonly active: ViewName }): JSX.Element {
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = views.findIndex(({ name }) => name === active);
    const next = views[(at + step + views.length) % views.length] as ViewEntry;
    activeView.value = next.name;
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Views" onKeyDown={move}>
      {views.map(({ name, title }, index) => (
        <button
          key={name}
          id={`tab-${name}`}
          type="button"
          role="tab"
          class="tab"
          aria-selected={name === active}
          aria-controls="view"
          tabIndex={name === active ? 0 : -1}
          title={`${title} (${index + 1})`}
          onClick={() => {
            activeView.value = name;
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
