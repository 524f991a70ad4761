/** Takes one trace out of a stored body that it shares with others, whose places stay what they are. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { StoredTrace } from './stored-trace.ts';

/** The packed body without the trace; undefined: nothing else is in it. `body`: index into `stored.bodies`. */
export function eraseTrace(stored: StoredTrace, body: number): Uint8Array | undefined {
  const packed = stored.bodies[body];
  if (packed === undefined || typeof packed === 'string' || stored.source === 'captureflow') return undefined;
  const bytes = gunzipSync(packed);
  if (stored.source === 'native') {
    for (const { body: index, offset, length } of stored.parts) if (index === body) bytes.fill(0, offset, offset + length);
    return gzipSync(bytes, { level: 1 });
  }
  const json = JSON.parse(bytes.toString('utf8')) as { resourceSpans?: unknown };
  let left = 0;
  for (const resource of listOf(json.resourceSpans)) {
    for (const scope of listOf(resource['scopeSpans'])) {
      const spans = listOf(scope['spans']).filter((span) => String(span['traceId']).toLowerCase() !== stored.traceId);
      left += spans.length;
      scope['spans'] = spans;
    }
  }
  if (left === 0) return undefined;
  // Readers take the whole body, and what they find a length for must be there.
  const text = Buffer.from(JSON.stringify(json));
  return gzipSync(Buffer.concat([text, Buffer.alloc(Math.max(0, bytes.length - text.length), ' ')]), { level: 1 });
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null) : [];
}
