/** What programs send: the three formats, each answered as its own receivers do, and only when it is stored. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TraceSource } from '@captureflow/trace';
import type { BodyReader } from './read-body.ts';
import { reply, replyJson } from './replies.ts';
import type { Intake } from './intake.ts';
import type { Taken } from './read-service.ts';
import { ServiceError } from './thread.ts';

export interface IngestContext {
  readonly bodies: BodyReader;
  readonly intake: Intake;
  /** Says that a request was refused. */
  refused(request: IncomingMessage, status: number, reason: string): void;
}

/** By path. */
export const INGEST_PATHS: Readonly<Record<string, TraceSource>> = {
  '/api/segments': 'native',
  '/api/v1/traces': 'captureflow',
  '/v1/traces': 'otlp',
};

const PROTOBUF = 'application/x-protobuf';

/** Seconds after which a sender is asked to come again. */
const RETRY_AFTER = { 'retry-after': '1' } as const;

export async function ingest(
  context: IngestContext,
  source: TraceSource,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const protobuf = source === 'otlp' && typeOf(request) === PROTOBUF;
  const answer = async (status: number, reason: string, problems: readonly unknown[] = []): Promise<void> => {
    context.refused(request, status, reason);
    // What is left of a body that is not read would be taken for the next request.
    const headers = { ...(status === 503 ? RETRY_AFTER : {}), ...(request.complete ? {} : { connection: 'close' }) };
    if (protobuf) await replyProtobuf(response, status, ({ protobufOfFailure }) => protobufOfFailure(reason), headers);
    else replyJson(response, status, failureBody(source, reason, problems), headers);
  };
  const wrong = wrongHeaders(source, request, query);
  if (wrong !== undefined) return answer(wrong.status, wrong.reason);
  let release = (): void => undefined;
  try {
    const read = await context.bodies.read(request);
    release = read.release;
    const body = ownBytes(read.body);
    const gzip = request.headers['content-encoding']?.trim().toLowerCase() === 'gzip';
    const taken = await context.intake.take(source, body, { gzip, protobuf });
    if (protobuf) await replyProtobuf(response, 200, ({ protobufOfSuccess }) => protobufOfSuccess(taken.rejected, taken.message));
    else replyJson(response, 200, successBody(source, taken));
  } catch (error) {
    const { status, message, problems } =
      error instanceof ServiceError ? error.failure : (error as { status?: number; message: string; problems?: never });
    await answer(status ?? 500, message, problems ?? []);
  } finally {
    release();
  }
}

/** In the form of the request, as OTLP has it. */
async function replyProtobuf(
  response: ServerResponse,
  status: number,
  body: (writers: typeof import('./otlp-protobuf.ts')) => Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  reply(response, status, { 'content-type': PROTOBUF, ...headers }, body(await import('./otlp-protobuf.ts')));
}

function typeOf({ headers }: IncomingMessage): string {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

function wrongHeaders(
  source: TraceSource,
  request: IncomingMessage,
  query: URLSearchParams,
): { status: number; reason: string } | undefined {
  const { headers } = request;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity')
    return { status: 415, reason: `content-encoding ${encoding} is not read here; send gzip or none` };
  const type = typeOf(request);
  if (source === 'otlp' && type !== 'application/json' && type !== PROTOBUF)
    return { status: 415, reason: `content-type ${type || '(none)'} is not read here; send OTLP as ${PROTOBUF} or application/json` };
  if (source === 'captureflow' && !query.has('repository-url'))
    return { status: 422, reason: 'the query parameter repository-url is missing' };
  return undefined;
}

/** Transferring bytes that share their memory with others would take theirs away, too. */
function ownBytes(body: Buffer): Uint8Array {
  return body.byteOffset === 0 && body.length === body.buffer.byteLength && body.length > 0
    ? new Uint8Array(body.buffer)
    : new Uint8Array(body);
}

function successBody(source: TraceSource, { traces, rejected, message }: Taken): unknown {
  if (source === 'captureflow') return { message: 'Trace log saved successfully' };
  if (source === 'otlp') return rejected === 0 ? {} : { partialSuccess: { rejectedSpans: String(rejected), errorMessage: message } };
  return { accepted: traces, rejected, ...(message === '' ? {} : { message }) };
}

function failureBody(source: TraceSource, reason: string, problems: readonly unknown[]): unknown {
  if (source === 'captureflow') return { detail: problems.length === 0 ? [{ loc: ['body'], msg: reason }] : problems.map(detailOf) };
  // A google.rpc.Status, as OTLP has it.
  return { message: reason };
}

/** As FastAPI says it. */
function detailOf(problem: unknown): unknown {
  const { path, problem: said } = problem as { readonly path: string; readonly problem: string };
  const loc = path.split(/[.[\]]+/).filter((part) => part !== '');
  return { loc: ['body', ...loc.map((part) => (/^\d+$/.test(part) ? Number(part) : part))], msg: said };
}
