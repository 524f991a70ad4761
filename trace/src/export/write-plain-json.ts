/**
 * The trace model as it is, in JSON: `{ "captureflow": 1, "traces": [Trace …] }` with the fields of `model.ts`. Each function stands once, in `functions` of its
 * trace, and spans name its index. Numbers that JSON lacks are texts (`"NaN"`, `"-0"`), bigints too.
 */
import type { FunctionInfo, Trace } from '../model.ts';

export const PLAIN_JSON_VERSION = 1;

export function* writePlainJson(traces: Iterable<Trace>): Generator<string> {
  let lead = `{"captureflow":${PLAIN_JSON_VERSION},"traces":[\n`;
  for (const trace of traces) {
    yield lead;
    lead = ',\n';
    const functions = new Map<FunctionInfo, number>();
    const numbered = (key: string, value: unknown): unknown => {
      if (key !== 'function' || typeof value !== 'object' || value === null) return plain(value);
      const fn = value as FunctionInfo;
      const known = functions.get(fn) ?? functions.size;
      functions.set(fn, known);
      return known;
    };
    const { spans, root, ...rest } = trace;
    // Attributes are the program's own: a key of theirs may be called like ours.
    yield `${JSON.stringify(rest, numbered).slice(0, -1)},"root":${JSON.stringify(root, (_, value: unknown) => plain(value))},"spans":[`;
    for (let i = 0; i < spans.length; i++) yield `${i === 0 ? '\n' : ',\n'}${JSON.stringify(spans[i], numbered)}`;
    yield `],"functions":${JSON.stringify([...functions.keys()])}}`;
  }
  yield lead === ',\n' ? ']}\n' : `${lead}]}\n`;
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return Object.is(value, -0) ? '-0' : String(value);
}
