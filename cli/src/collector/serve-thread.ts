/** What the programs of the collector's threads share: a service, fed from the port. Must not import a service: each program has its own only. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Service, ServiceSpec } from './services.ts';
import { failureOf } from './thread.ts';
import type { FromThread } from './thread.ts';

export function serveThread<Spec extends ServiceSpec, Order, News>(
  create: (spec: Spec, tell: (news: News) => void) => Service<Order>,
): void {
  const say = (message: FromThread): void => parentPort?.postMessage(message);
  const service = create(workerData as Spec, (news) => say({ news }));
  parentPort?.on('message', ({ id, order }: { readonly id: number; readonly order: Order | 'stop' }) => {
    const work = order === 'stop' ? Promise.resolve().then(() => service.stop()) : service.handle(order);
    work.then(
      (value) => say({ id, value }),
      (error: unknown) => say({ id, failure: failureOf(error) }),
    );
  });
}
