/** `/reports`: streamed as NDJSON. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ReportService, toNdjson } from '../services/report-service.ts';

export function addReportRoutes(server: FastifyInstance, reports: ReportService): void {
  server.get('/reports/sales', async function streamSales(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const lines = toNdjson(reports.sales());
    return reply.type('application/x-ndjson').send(Readable.from(lines));
  });
}
