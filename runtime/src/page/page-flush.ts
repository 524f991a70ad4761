/**
 * Hands traces over while a page lives, and when it is hidden: nothing tells a page its end for certain, so each time it is hidden counts as one
 * (https://developer.chrome.com/docs/web-platform/page-lifecycle-api). Throws nothing into the page.
 */
import { afterMs } from '../primordials.ts';
import { pageHost } from './page-host.ts';
import type { PageEvent } from './page-host.ts';

export interface PageHooks {
  /** Synchronous. `final`: the page does not come back; roots that are open are told as they are. */
  hide(final: boolean): void;
  /** Hands over what has ended. */
  drain(): void;
}

/** A page has no natural end at which implicit roots would be told: they are looked at so often. */
const DRAIN_MS = 5000;

/** Returns what takes all of it away again. Does nothing where there is no page. */
export function installPageFlush(hooks: PageHooks): () => void {
  const page = pageHost();
  if (page === undefined) return () => {};
  let installed = true;
  const drainLater = (): void =>
    afterMs(DRAIN_MS, () => {
      if (!installed) return;
      quietly(hooks.drain);
      drainLater();
    });
  const onHidden = (): void => {
    if (page.document.visibilityState === 'hidden') quietly(() => hooks.hide(false));
  };
  // A page that is kept for the way back goes on as it was.
  const onPageHide = (event: PageEvent): void => quietly(() => hooks.hide(event.persisted !== true));
  page.addEventListener('visibilitychange', onHidden, true);
  page.addEventListener('pagehide', onPageHide, true);
  drainLater();
  return () => {
    installed = false;
    page.removeEventListener('visibilitychange', onHidden, true);
    page.removeEventListener('pagehide', onPageHide, true);
  };
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The recorder must not be what a page reports as its error.
  }
}
