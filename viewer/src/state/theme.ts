/** Light or dark: as the system has it, or as somebody chose. */
import { computed, effect, signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'captureflow-theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(systemDark.matches);

export const theme: Signal<Theme> = signal(stored());
export const dark: ReadonlySignal<boolean> = computed(() => (theme.value === 'auto' ? systemIsDark.value : theme.value === 'dark'));

/** Keeps the page and what is stored as `theme` says. */
export function followTheme(): void {
  systemDark.addEventListener('change', () => {
    systemIsDark.value = systemDark.matches;
  });
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    try {
      if (theme.value === 'auto') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme.value);
    } catch {
      // A page without storage forgets.
    }
  });
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'auto';
  } catch {
    return 'auto';
  }
}
