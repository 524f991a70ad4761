/** Keys that work everywhere but while somebody types. */
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { activeView, openTrace } from '../state/state.ts';
import { closeTrace, neighbourTrace, openListed } from '../state/trace-list.ts';
import { focusView } from './focus-view.ts';
import { VIEWS } from '../views/views.ts';

export const helpIsOpen: Signal<boolean> = signal(false);

export function isTyping(event: Event): boolean {
  const target = event.target as Element | null;
  return target instanceof HTMLElement && target.matches('input, select, textarea, [contenteditable]');
}

export function pressKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (!act(event.key)) return;
  event.preventDefault();
}

function act(key: string): boolean {
  if (key === '?') helpIsOpen.value = !helpIsOpen.value;
  else if (openTrace.value === undefined) return key === '/' && focusFirst('.filter-text');
  else if (key === 'Backspace') closeTrace();
  else if (key === '[' || key === ']') {
    const trace = neighbourTrace(key === '[' ? -1 : 1);
    if (trace !== undefined) void openListed(trace);
  } else {
    const view = VIEWS[Number(key) - 1];
    if (view === undefined) return false;
    activeView.value = view.name;
    // Once it is there: who changes views by key goes on by keys.
    requestAnimationFrame(focusView);
  }
  return true;
}

function focusFirst(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  return element !== null;
}
