/** Program of the thread that stores. */
import { serveThread } from './serve-thread.ts';
import { StoreService } from './store-service.ts';
import type { StoreNews, StoreOrder, StoreSpec } from './store-service.ts';

serveThread<StoreSpec, StoreOrder, StoreNews>((spec, tell) => new StoreService(spec, tell));
