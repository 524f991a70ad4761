/** Says whether new traces come into the list as they arrive, and holds them back while somebody reads. */
import type { JSX } from 'preact';
import { showCount } from '../../shell/show-numbers.ts';
import { livePaused, liveState, resumeLive, waitingTraces } from '../../state/live-tail.ts';

export function LiveSwitch(): JSX.Element | null {
  const state = liveState.value;
  if (state === 'off') return null;
  if (state === 'away') {
    return (
      <span class="live is-away" role="status">
        ○ collector is away
      </span>
    );
  }
  const waiting = waitingTraces.value.length;
  return (
    <button
      type="button"
      class="live quiet"
      aria-pressed={!livePaused.value}
      title={livePaused.value ? 'Show what came and what comes' : 'New traces come into the list as they arrive; hold them back'}
      onClick={() => {
        if (livePaused.value) resumeLive();
        else livePaused.value = true;
      }}
    >
      {livePaused.value ? `○ paused${waiting > 0 ? `, ${showCount(waiting)} new` : ''}` : '● live'}
    </button>
  );
}
