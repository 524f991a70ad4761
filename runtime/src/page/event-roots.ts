/**
 * What a user's click sets off as a root of its own, named after the element. Looks at the event first, before any listener of the page; changes nothing
 * about it. Must not read what a page may have defined itself: an element's properties come from the getters of the DOM as they were at the start.
 */
import { announceTask } from '../implicit-root.ts';
import { domGetter, pageHost } from './page-host.ts';
import type { PageEvent } from './page-host.ts';

/** What users do on purpose; moves and keys are too many. */
const TYPES: readonly string[] = ['click', 'submit', 'change'];
const LONGEST_NAME = 100;

/** Returns what takes it away again. Does nothing where there is no page. */
export function installEventRoots(): () => void {
  const page = pageHost();
  if (page === undefined) return () => {};
  const readTarget = domGetter('Event', 'target');
  const readTag = domGetter('Element', 'localName');
  const readId = domGetter('Element', 'id');
  const onEvent = (event: PageEvent): void => {
    // An event that the program makes is a part of what it does.
    if (!event.isTrusted) return;
    try {
      const target = readTarget(event);
      const tag = text(() => readTag(target));
      const id = text(() => readId(target));
      announceTask({ kind: 'event', name: `${event.type} ${tag}${id === '' ? '' : `#${id}`}`.trim().slice(0, LONGEST_NAME) });
    } catch {
      // No name is no reason to disturb the page.
    }
  };
  for (const type of TYPES) page.addEventListener(type, onEvent, true);
  return () => {
    for (const type of TYPES) page.removeEventListener(type, onEvent, true);
  };
}

/** '' where the target is no element: the window, the document. */
function text(read: () => unknown): string {
  try {
    return String(read() ?? '');
  } catch {
    return '';
  }
}
