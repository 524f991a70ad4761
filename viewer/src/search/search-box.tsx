/** The search over an open trace: functions, files and values. `n` and `N` step through what it found, in every view. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { isTyping } from '../shell/global-keys.ts';
import { focusView } from '../shell/focus-view.ts';
import { showCount, showCounted } from '../shell/show-numbers.ts';
import { matches, searchText, selectedSpan } from '../state/state.ts';
import { nextMatch } from './find-spans.ts';
import { followSearch, searchProgress } from './follow-search.ts';
import './search.css';

export function SearchBox(): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  useEffect(followSearch, []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      if (event.key === '/') box.current?.focus();
      else if (event.key === 'n' || event.key === 'N') goTo(event.key === 'n' ? 1 : -1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return (
    <div class="search" role="search">
      <input
        ref={box}
        type="search"
        class="search-box"
        aria-label="Search functions, files and values"
        placeholder="Search (/)"
        title="Function, file or value; is:error, is:open, is:async and >5ms narrow"
        value={searchText.value}
        onInput={(event) => {
          searchText.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') goTo(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') focusView();
          else return;
          event.preventDefault();
        }}
      />
      {searchText.value.trim() !== '' && <Found />}
    </div>
  );
}

function Found(): JSX.Element {
  const found = matches.value;
  const { done, unread } = searchProgress.value;
  const at = found.indexOf(selectedSpan.value);
  return (
    <>
      <span class="search-count" role="status">
        {at >= 0 ? `${showCount(at + 1)} of ` : ''}
        {showCount(found.length)}
        {done < 1 ? `, ${Math.floor(done * 100)} % searched` : ''}
        {unread > 0 ? `, values of ${showCounted(unread, 'call')} could not be read` : ''}
      </span>
      <button
        type="button"
        class="quiet"
        aria-label="Previous match"
        title="Previous match (N)"
        disabled={found.length === 0}
        onClick={() => goTo(-1)}
      >
        ▴
      </button>
      <button
        type="button"
        class="quiet"
        aria-label="Next match"
        title="Next match (n)"
        disabled={found.length === 0}
        onClick={() => goTo(1)}
      >
        ▾
      </button>
    </>
  );
}

function goTo(by: 1 | -1): void {
  const span = nextMatch(matches.value, selectedSpan.value, by);
  if (span >= 0) selectedSpan.value = span;
}
