/**
 * Errors and rejections that nobody in a page handles, for the roots that they come from. Only looks: what the page's own listeners and the console see of them is
 * as it was (nothing is prevented).
 */
import { domGetter, pageHost } from './page-host.ts';
import type { PageEvent } from './page-host.ts';

/** `fail` is told each of them. Returns what takes it away again. Does nothing where there is no page. */
export function installPageErrors(fail: (error: unknown) => void): () => void {
  const page = pageHost();
  if (page === undefined) return () => {};
  const tell = (read: (event: unknown) => unknown) => (event: PageEvent) => {
    // An event that the program makes is no error that went unhandled.
    if (!event.isTrusted) return;
    try {
      fail(read(event));
    } catch {
      // An image that did not load comes here, too, as an event of another class.
    }
  };
  const onError = tell(domGetter('ErrorEvent', 'error'));
  const onRejection = tell(domGetter('PromiseRejectionEvent', 'reason'));
  page.addEventListener('error', onError, true);
  page.addEventListener('unhandledrejection', onRejection, true);
  return () => {
    page.removeEventListener('error', onError, true);
    page.removeEventListener('unhandledrejection', onRejection, true);
  };
}
