/** `/jobs`: work that is started here and goes on behind the response. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NotFoundError } from '../domain/errors.ts';
import type { Job, JobRunner } from '../jobs/job-runner.ts';
import { reconcileStock } from '../jobs/reconcile-stock.ts';
import type { ProductRepository } from '../repositories/product-repository.ts';
import { idParams } from './schemas.ts';

export function addJobRoutes(server: FastifyInstance, jobs: JobRunner, products: ProductRepository): void {
  server.post(
    '/jobs/stock-reconciliation',
    async function startReconciliation(_request: FastifyRequest, reply: FastifyReply): Promise<Job> {
      const job = jobs.start('stock-reconciliation', () => reconcileStock(products));
      reply.code(202);
      return job;
    },
  );

  server.get('/jobs/:id', async function getJob(request: FastifyRequest): Promise<Job> {
    const { id } = idParams.parse(request.params);
    const job = jobs.find(id);
    if (job === undefined) throw new NotFoundError(`job ${id}`);
    return job;
  });
}
