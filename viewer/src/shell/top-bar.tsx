/** Above everything: where one is, and how the page looks. Views put what they need beside it (search). */
import type { JSX } from 'preact';
import { SearchBox } from '../search/search-box.tsx';
import { notice, openTrace } from '../state/state.ts';
import { dark, theme } from '../state/theme.ts';
import type { Theme } from '../state/theme.ts';
import { addFiles } from '../state/dropped-files.ts';
import { closeTrace, loading, localTraces, remoteTraces } from '../state/trace-list.ts';
import { ExportMenu } from './export-menu.tsx';
import { helpIsOpen } from './global-keys.ts';

const NEXT: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };

export function TopBar(): JSX.Element {
  const trace = openTrace.value;
  const several = localTraces.value.length + remoteTraces.value.length > 1 || trace === undefined;
  return (
    <header class="top-bar">
      <span class="brand">CaptureFlow</span>
      {trace !== undefined && several && (
        <button type="button" class="quiet" onClick={closeTrace} title="Back to the list (Backspace)">
          ‹ Traces
        </button>
      )}
      <span class="top-status" role="status">
        {loading.value === undefined ? notice.value : `Loading ${loading.value} …`}
      </span>
      {trace !== undefined && <SearchBox />}
      {trace !== undefined && <ExportMenu trace={trace} />}
      <label class="button quiet">
        Open file
        <input
          type="file"
          class="file-input"
          multiple
          accept=".cft,.json,.jsonl,.ts,.tsx,.mts,.cts,.js,.jsx,.mjs,.cjs,.vue,.svelte"
          onChange={(event) => {
            void addFiles([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
      </label>
      <button
        type="button"
        class="quiet"
        title={`Colours: ${theme.value === 'auto' ? 'as the system has them' : theme.value}`}
        onClick={() => {
          theme.value = NEXT[theme.value];
        }}
      >
        {theme.value === 'auto' ? `Auto (${dark.value ? 'dark' : 'light'})` : theme.value === 'dark' ? 'Dark' : 'Light'}
      </button>
      <button
        type="button"
        class="quiet"
        aria-label="Keyboard help"
        title="Keys (?)"
        onClick={() => {
          helpIsOpen.value = true;
        }}
      >
        ?
      </button>
    </header>
  );
}
