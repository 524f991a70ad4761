import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildTrace, otlpRequest, otlpSpans, toOtlpJson } from '../src/index.ts';
import { plainJson } from '../src/plain-json.ts';
import { randomTrace, sampleTrace } from './otlp-samples.ts';
import { functions, StreamBuilder } from './stream-builder.ts';

interface Answer {
  /** The messages that OpenTelemetry's decoder makes of our request, and of what its SDK writes for spans of the same content. */
  readonly ours?: unknown;
  readonly sdk?: unknown;
  readonly refused?: string;
}

function askOpenTelemetry(texts: readonly string[]): Answer[] {
  const program = fileURLToPath(new URL('otlp-official.mjs', import.meta.url));
  const { NODE_OPTIONS: _, ...env } = process.env;
  const answer = execFileSync(process.execPath, [program], { input: JSON.stringify(texts), env, maxBuffer: 2 ** 28, encoding: 'utf8' });
  return JSON.parse(answer) as Answer[];
}

function requests(): { readonly traces: readonly string[]; readonly continued: string; readonly broken: string } {
  const sample = plainJson(toOtlpJson([sampleTrace()], { version: '1.0.0', traceUrl: (id) => `http://t/${id}` }));
  const traces = [sample];
  for (let seed = 1; seed <= 20; seed++) {
    traces.push(plainJson(toOtlpJson([randomTrace(seed), randomTrace(seed + 1000)], { maxAttributeBytes: 200 })));
  }
  const s = new StreamBuilder().time(100);
  const f = s.enterAt(0, 0, 'TOP');
  const fns = functions({ name: 'f' });
  const first = s.segment({ functions: fns });
  const { sent } = otlpSpans(buildTrace([first]));
  const end = new StreamBuilder().stack(2, [f, 0, 0, 1]).exit(f, 1).segment({ part: 1, functions: fns });
  const trace = buildTrace([first, end]);
  const continued = plainJson(otlpRequest([{ trace, spans: otlpSpans(trace, {}, sent).spans }]));
  return { traces, continued, broken: sample.replace(/"events":\[/, '"events":7,"other":[') };
}

describe('OTLP, read by OpenTelemetry', () => {
  let ofTraces: readonly Answer[] = [];
  let ofContinued: Answer | undefined;
  let ofBroken: Answer | undefined;

  // One process for all: loading the SDK takes most of the time.
  beforeAll(() => {
    const { traces, continued, broken } = requests();
    const answers = askOpenTelemetry([continued, broken, ...traces]);
    [ofContinued, ofBroken, ...ofTraces] = answers;
  }, 300_000);

  it('is what the SDK writes for spans of the same content, and passes the official decoder', () => {
    expect(ofTraces).toHaveLength(21);
    for (const { ours, sdk, refused } of ofTraces) {
      expect(refused).toBeUndefined();
      expect(JSON.stringify(ours)).toContain('"code.function.name"');
      expect(ours).toEqual(sdk);
    }
  });

  it('is so for the links of continued spans', () => {
    expect(JSON.stringify(ofContinued?.ours)).toContain('captureflow.continues');
    expect(ofContinued?.ours).toEqual(ofContinued?.sdk);
  });

  it('is refused by the same decoder when a field has a wrong type', () => {
    expect(ofBroken?.refused).toMatch(/array expected/);
  });
});
