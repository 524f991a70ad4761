/** Puts the shop together. */
import fastify from 'fastify';
import { Database } from './db/database.ts';
import { createSchema } from './db/schema.ts';
import { seedDatabase } from './db/seed.ts';
import { OrderEvents } from './events/order-events.ts';
import { listenToOrders } from './events/order-listeners.ts';
import { handleError } from './http/error-handler.ts';
import { addJobRoutes } from './http/job-routes.ts';
import { addOrderRoutes } from './http/order-routes.ts';
import { addProductRoutes } from './http/product-routes.ts';
import { addReportRoutes } from './http/report-routes.ts';
import { DelayedWork } from './jobs/delayed-work.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { CustomerRepository } from './repositories/customer-repository.ts';
import { OrderRepository } from './repositories/order-repository.ts';
import { OutboxRepository } from './repositories/outbox-repository.ts';
import { ProductRepository } from './repositories/product-repository.ts';
import { OrderService } from './services/order-service.ts';
import { PaymentService } from './services/payment-service.ts';
import { ReportService } from './services/report-service.ts';

export interface AppOptions {
  /** The database file; must not exist yet. */
  readonly databaseFile: string;
  /** Paid orders that the history starts with. */
  readonly pastOrders: number;
}

export interface App {
  /** Listens on the loopback interface and returns the address. Port 0 takes any free one. */
  listen(port: number): Promise<string>;
  /** Refuses new requests, finishes running and delayed work, closes the database. */
  close(): Promise<void>;
}

export function createApp(options: AppOptions): App {
  const db = new Database(options.databaseFile);
  createSchema(db);
  seedDatabase(db, options.pastOrders);

  const products = new ProductRepository(db);
  const customers = new CustomerRepository(db);
  const orders = new OrderRepository(db);
  const outbox = new OutboxRepository(db);
  const events = new OrderEvents();
  const delayed = new DelayedWork();
  const jobs = new JobRunner();
  listenToOrders(events, { customers, outbox, delayed });

  const server = fastify({ forceCloseConnections: 'idle' });
  server.setErrorHandler(handleError);
  addProductRoutes(server, products);
  addOrderRoutes(server, new OrderService({ db, products, customers, orders, payments: new PaymentService(), events }), outbox);
  addReportRoutes(server, new ReportService(orders));
  addJobRoutes(server, jobs, products);

  return {
    listen: (port) => server.listen({ host: '127.0.0.1', port }),
    async close() {
      await server.close();
      await jobs.idle();
      await delayed.idle();
      db.close();
    },
  };
}
