/**
 * What came in a request, taken apart as far as storing and listing needs it. Bytes stay as they came; nothing here stores or answers. The rules of the three
 * formats: the native one by its checksums, CaptureFlow's as its server has them, OTLP span by span.
 */
import {
  buildTrace,
  checkCaptureFlowJson,
  decodeSegment,
  fromCaptureFlowJson,
  fromOtlpJson,
  readFrames,
  saidTexts,
  skimSegment,
  summarize,
  TraceFormatError,
} from '@captureflow/trace';
import type { CaptureFlowProblem, Segment, Trace, TraceSource, TraceSummary } from '@captureflow/trace';
import { SearchText } from './search-text.ts';

/** One part of a trace: where its bytes lie in the body, and, where that is known without other parts, what a list says of it. */
export interface Piece {
  readonly traceId: string;
  /** Root's span id; '' where the format has none. */
  readonly rootId: string;
  readonly part: number;
  /** Bytes of the unpacked body. */
  readonly offset: number;
  readonly length: number;
  readonly listed?: Listed;
}

export interface Listed {
  readonly summary: Omit<TraceSummary, 'id'>;
  readonly text: string;
}

export interface Arrival {
  readonly source: TraceSource;
  readonly pieces: readonly Piece[];
  /** What was not taken although the rest was: segments or spans. */
  readonly rejected: number;
  readonly message: string;
}

/** The whole body is refused. */
export class RefusedBody extends Error {
  /** What the real server would answer, where there is one. */
  readonly status: 400 | 422;
  readonly problems: readonly CaptureFlowProblem[];

  constructor(status: 400 | 422, message: string, problems: readonly CaptureFlowProblem[] = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

/** @throws {RefusedBody} */
export function readArrival(source: TraceSource, body: Uint8Array): Arrival {
  if (source === 'native') return readNative(body);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new RefusedBody(source === 'captureflow' ? 422 : 400, `the body is not JSON in UTF-8: ${(error as Error).message}`);
  }
  return source === 'otlp' ? readOtlp(json, body.length) : readCaptureFlow(json, body.length);
}

function readNative(body: Uint8Array): Arrival {
  const frames = readFrames(body);
  // A body is all or nothing: half of one is a sender that was cut off, and will send again.
  const last = frames.at(-1);
  if (last === undefined || last.byteOffset + last.length !== body.byteOffset + body.length)
    throw new RefusedBody(400, 'the body is no intact trace file: it must be one, from its magic bytes to the end of its last record');
  const pieces: Piece[] = [];
  let rejected = 0;
  let message = '';
  for (const frame of frames) {
    try {
      pieces.push(pieceOf(decodeSegment(frame), frame.byteOffset - body.byteOffset, frame.length));
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      rejected++;
      message ||= error.message;
    }
  }
  return { source: 'native', pieces, rejected, message };
}

/** `offset` and `length`: where the segment's bytes lie. */
export function pieceOf(segment: Segment, offset: number, length: number): Piece {
  const { traceId, spanBase, part } = segment.header;
  const place = { traceId, rootId: spanBase, part, offset, length };
  const said = new SearchText();
  const summary = skimSegment(segment, (text) => said.add(text));
  if (summary === undefined) return part === 0 ? { ...place, listed: listedOf(buildTrace([segment]), 'native') } : place;
  said.addRoot(segment.header.root, segment.header.error);
  for (const { record } of segment.header.functions) if (record !== null) said.add(record[0]);
  return { ...place, listed: { summary, text: said.toString() } };
}

function readOtlp(json: unknown, length: number): Arrival {
  if (typeof json !== 'object' || json === null || !Array.isArray((json as { resourceSpans?: unknown }).resourceSpans))
    throw new RefusedBody(400, 'the body is no ExportTraceServiceRequest: resourceSpans is missing');
  const traces = fromOtlpJson(json);
  const sent = countSpans(json as OtlpBody);
  const taken = traces.reduce((sum, trace) => sum + 1 + trace.spans.length, 0);
  const rejected = Math.max(0, sent - taken);
  return {
    source: 'otlp',
    pieces: traces.map((trace) => ({
      traceId: trace.traceId,
      rootId: trace.root.spanId,
      part: 0,
      offset: 0,
      length,
      listed: listedOf(trace, 'otlp'),
    })),
    rejected,
    message:
      rejected === 0
        ? ''
        : 'spans need a traceId of 32 and a spanId of 16 hex digits, a startTimeUnixNano, and parents that are not below them',
  };
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly scopeSpans?: readonly { readonly spans?: readonly { readonly spanId?: unknown; readonly traceId?: unknown }[] }[];
  }[];
}

/** Distinct ones: a span that was sent twice, or in two pieces, is one. */
function countSpans({ resourceSpans }: OtlpBody): number {
  const ids = new Set<string>();
  let broken = 0;
  for (const resource of resourceSpans) {
    for (const scope of listOf(resource?.scopeSpans)) {
      for (const span of listOf(scope?.spans)) {
        if (typeof span?.spanId === 'string' && typeof span.traceId === 'string') ids.add(`${span.traceId}-${span.spanId}`.toLowerCase());
        else broken++;
      }
    }
  }
  return ids.size + broken;
}

function listOf<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}

function readCaptureFlow(json: unknown, length: number): Arrival {
  const problems = checkCaptureFlowJson(json).filter(({ refused }) => refused);
  if (problems.length > 0) throw new RefusedBody(422, `${problems[0]?.path} ${problems[0]?.problem}`, problems);
  const trace = fromCaptureFlowJson(json);
  if (trace === undefined) throw new RefusedBody(422, 'no trace can be read from the body');
  return {
    source: 'captureflow',
    pieces: [{ traceId: trace.traceId, rootId: '', part: 0, offset: 0, length, listed: listedOf(trace, 'captureflow') }],
    rejected: 0,
    message: '',
  };
}

/** Of a trace that was built whole. */
export function listedOf(trace: Trace, source: TraceSource): Listed {
  const said = new SearchText();
  said.addRoot(trace.root, trace.root.error);
  for (const { function: fn } of trace.spans) said.add(fn.name);
  saidTexts(trace, (text) => said.add(text));
  return { summary: summarize(trace, source), text: said.toString() };
}
