/** From the thread that reads into the one that stores: bodies of requests, and files in their order. */
import type { TraceSource } from '@captureflow/trace';
import type { FileNews } from './folder-watch.ts';
import type { BodyForm, ReadBody, ReadNews, ReadOrder, Taken } from './read-service.ts';
import type { StoreNews, StoreOrder } from './store-service.ts';
import type { Thread } from './thread.ts';

/** `found`: traces in them. */
export type ShownFiles = FileNews & { readonly found: number };

export interface Intake {
  /** When this comes back, it is stored. @throws {ServiceError} */
  take(source: TraceSource, body: Uint8Array, form: BodyForm): Promise<Taken>;
}

export function createIntake(
  readers: Thread<ReadOrder, ReadNews>,
  store: Thread<StoreOrder, StoreNews>,
  onFiles: (files: ShownFiles) => void,
): Intake {
  // A thread that ended says so by itself.
  const ignore = (): void => {};
  readers.onNews((news) => {
    if ('add' in news) {
      const goOn = (): void => void readers.ask({ kind: 'stored' }).catch(ignore);
      store.ask({ kind: 'add', ...news.add }).then(goOn, goOn);
    } else if ('forget' in news) store.ask({ kind: 'forget', path: news.forget }).catch(ignore);
    // Behind all that was handed on before.
    else store.ask<number>({ kind: 'count' }).then((found) => onFiles({ ...news.files, found }), ignore);
  });
  return {
    async take(source, body, form) {
      const { delivery, taken } = await readers.ask<ReadBody>({ kind: 'body', source, body, ...form }, [body.buffer as ArrayBuffer]);
      await store.ask({ kind: 'add', ...delivery });
      return taken;
    },
  };
}
