/** Program of the thread that reads. */
import { ReadService } from './read-service.ts';
import type { ReadNews, ReadOrder, ReadSpec } from './read-service.ts';
import { serveThread } from './serve-thread.ts';

serveThread<ReadSpec, ReadOrder, ReadNews>((spec, tell) => new ReadService(spec, tell));
