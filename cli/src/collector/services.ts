/** The services that have threads of their own, by what they are told to be. */
import { ReadService } from './read-service.ts';
import type { ReadSpec } from './read-service.ts';
import { StoreService } from './store-service.ts';
import type { StoreSpec } from './store-service.ts';
import { ViewService } from './view-service.ts';

export type ServiceSpec = ReadSpec | StoreSpec | { readonly kind: 'view' };

export interface Service<Order> {
  handle(order: Order): Promise<unknown>;
  stop(): void;
}

/** Who asks knows which orders it takes. */
export function createService(spec: ServiceSpec, tell: (news: unknown) => void): Service<unknown> {
  const service =
    spec.kind === 'read' ? new ReadService(spec, tell) : spec.kind === 'store' ? new StoreService(spec, tell) : new ViewService();
  return service as Service<unknown>;
}
