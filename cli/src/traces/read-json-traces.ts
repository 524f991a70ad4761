/** Traces in JSON: CaptureFlow's, OTLP's (one request, or one a line), and our own. Says what a file is when it is none of them. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:buffer';
import { fromCaptureFlowJson, fromOtlpJson, fromPlainJson, type Trace, type TraceSource } from '@captureflow/trace';

export interface JsonTraces {
  readonly traces: readonly { readonly trace: Trace; readonly source: TraceSource }[];
  readonly problems: readonly {
    readonly code: 'BAD_JSON' | 'FOREIGN' | 'TOO_LARGE' | 'TRUNCATED';
    readonly message: string;
    readonly offset?: number;
  }[];
}

/** @throws errors of the file system */
export function readJsonTraces(path: string, bytes: number): JsonTraces {
  // UTF-8 never has fewer bytes than UTF-16 units.
  if (bytes > constants.MAX_STRING_LENGTH) {
    return fail(
      'TOO_LARGE',
      `JSON of ${Math.round(bytes / 2 ** 20)} MiB is more than can be read at once; write it as .cft, or one trace a file`,
    );
  }
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  if (text.trim() === '') return fail('TRUNCATED', 'the file is empty', 0);
  const whole = parse(text);
  if (whole.ok) return tracesOf([whole.value]);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.map(parse);
  const good = parsed.flatMap((line) => (line.ok ? [line.value] : []));
  // One object over several lines has lines that are JSON by chance, its first line never is.
  if (lines.length < 2 || parsed[0]?.ok !== true || typeof parsed[0].value !== 'object')
    return fail('BAD_JSON', whole.message, whole.offset);
  const { traces, problems } = tracesOf(good);
  const bad = parsed.findIndex((line) => !line.ok);
  if (bad < 0) return { traces, problems };
  const message = `line ${bad + 1} of ${lines.length} is no JSON${bad === lines.length - 1 ? ' (the file ends inside it)' : ''}; the others are read`;
  return { traces, problems: [...problems, { code: 'BAD_JSON', message, offset: Buffer.byteLength(lines.slice(0, bad).join('\n')) }] };
}

function tracesOf(values: readonly unknown[]): JsonTraces {
  const traces: { readonly trace: Trace; readonly source: TraceSource }[] = [];
  const requests: unknown[] = [];
  const foreign: unknown[] = [];
  for (const value of values) {
    for (const one of Array.isArray(value) ? value : [value]) {
      const ours = fromPlainJson(one);
      const captureFlow = ours === undefined ? fromCaptureFlowJson(one) : undefined;
      if (ours !== undefined) traces.push(...ours.map((trace) => ({ trace, source: 'json' as const })));
      else if (captureFlow !== undefined) traces.push({ trace: captureFlow, source: 'captureflow' });
      else if (hasKey(one, 'resourceSpans')) requests.push(one);
      else foreign.push(one);
    }
  }
  traces.push(...fromOtlpJson(...requests).map((trace) => ({ trace, source: 'otlp' as const })));
  if (foreign.length === 0) return { traces, problems: [] };
  return { traces, problems: [{ code: 'FOREIGN', message: `${describe(foreign[0])}, which is no trace that can be read here` }] };
}

/** What it is, for somebody who took the wrong file. */
function describe(value: unknown): string {
  if (hasKey(value, 'traceEvents')) return 'this is a Chrome trace';
  if (hasKey(value, 'profiles') || hasKey(value, '$schema')) return 'this is a speedscope profile';
  if (hasKey(value, 'nodes') && hasKey(value, 'samples')) return 'this is a V8 CPU profile';
  if (hasKey(value, 'threads') && hasKey(value, 'meta')) return 'this is a Firefox profile';
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return keys.length === 0 ? 'this is JSON' : `this is JSON with the keys ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''}`;
}

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string; readonly offset?: number };

function parse(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    const place = /position (\d+)/.exec((error as Error).message)?.[1];
    const ended = /Unexpected end|Unterminated|unterminated/.test((error as Error).message) || Number(place) >= text.length;
    const message = ended ? 'the JSON ends before its end: the file was cut' : 'this is neither a trace file nor JSON';
    return { ok: false, message, ...(place === undefined ? {} : { offset: Buffer.byteLength(text.slice(0, Number(place))) }) };
  }
}

function fail(code: 'BAD_JSON' | 'FOREIGN' | 'TOO_LARGE' | 'TRUNCATED', message: string, offset?: number): JsonTraces {
  return { traces: [], problems: [{ code, message, ...(offset === undefined ? {} : { offset }) }] };
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value;
}
