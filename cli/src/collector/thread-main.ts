/** The program of the collector's threads: the service that it is told, fed from the port. */
import { parentPort, workerData } from 'node:worker_threads';
import { createService } from './services.ts';
import type { ServiceSpec } from './services.ts';
import { failureOf } from './thread.ts';
import type { FromThread } from './thread.ts';

const say = (message: FromThread, transfer: readonly ArrayBuffer[] = []): void => parentPort?.postMessage(message, [...transfer]);
const service = createService(workerData as ServiceSpec, (news) => say({ news }));

parentPort?.on('message', ({ id, order }: { readonly id: number; readonly order: unknown }) => {
  const work = order === 'stop' ? Promise.resolve().then(() => service.stop()) : service.handle(order);
  work.then(
    (value) => say({ id, value }),
    (error: unknown) => say({ id, failure: failureOf(error) }),
  );
});
