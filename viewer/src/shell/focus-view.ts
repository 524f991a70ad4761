/** Brings the keyboard to the view that is shown: to its rows or picture, or to its tab while it has none. */
import { activeView } from '../state/state.ts';

export function focusView(): void {
  const target = document.querySelector<HTMLElement>('#view [tabindex="0"]') ?? document.getElementById(`tab-${activeView.peek()}`);
  target?.focus({ preventScroll: true });
}
