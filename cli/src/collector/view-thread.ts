/** Program of the thread that makes views. */
import { serveThread } from './serve-thread.ts';
import { ViewService } from './view-service.ts';

serveThread(() => new ViewService());
