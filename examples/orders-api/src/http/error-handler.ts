/** Turns errors into responses. What is not the client's fault says nothing about our insides. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { CardDeclinedError, NotFoundError, OutOfStockError } from '../domain/errors.ts';

export interface ErrorBody {
  readonly error: string;
  readonly details?: unknown;
}

export function toErrorResponse(error: unknown): readonly [status: number, body: ErrorBody] {
  if (error instanceof ZodError) {
    return [400, { error: 'invalid request', details: error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) }];
  }
  if (error instanceof NotFoundError) return [404, { error: error.message }];
  if (error instanceof OutOfStockError) return [409, { error: error.message, details: { sku: error.sku, missing: error.missing } }];
  if (error instanceof CardDeclinedError) return [402, { error: error.message }];
  return [500, { error: 'internal error' }];
}

export async function handleError(error: unknown, _request: FastifyRequest, reply: FastifyReply): Promise<ErrorBody> {
  const [status, body] = toErrorResponse(error);
  reply.code(status);
  return body;
}
