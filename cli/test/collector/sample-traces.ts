/** Small traces as our runtime sends them, CaptureFlow's client and OpenTelemetry. */
import {
  buildTrace,
  decodeSegment,
  encodeSegment,
  fileHeader,
  frameSegment,
  Link,
  Op,
  Tag,
  toCaptureFlowJson,
  toOtlpJson,
  WIRE_VERSION,
} from '@captureflow/trace';
const N_SHIFT = 5;
import type { SegmentHeader, Trace } from '@captureflow/trace';

export interface Sample {
  readonly name?: string;
  readonly kind?: SegmentHeader['root']['kind'];
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Texts that are passed as arguments. */
  readonly texts?: readonly string[];
  /** ms after 2023-11-14. */
  readonly start?: number;
  readonly duration?: number | null;
  readonly throws?: boolean;
  readonly part?: number;
  readonly module?: string;
}

/** 32 hex digits; the root's span id are the last 16. */
export function traceIdOf(number: number): string {
  return number.toString(16).padStart(8, '0').repeat(4);
}

export function segment(number: number, sample: Sample = {}): Uint8Array {
  const {
    name = 'job',
    kind = 'event',
    attributes = {},
    texts = [],
    start = number,
    duration = 5,
    throws = false,
    part = 0,
    module = 'src/app.ts',
  } = sample;
  const wire = part === 0 ? 1 : 100;
  const ops = [
    Op.STACK,
    wire,
    Op.ENTER_AT | (texts.length << N_SHIFT),
    0,
    part === 0 ? Link.TOP : Link.ROOT,
    ...texts.map(() => Tag.STRING),
  ];
  if (throws) ops.push(Op.THROW | (1 << N_SHIFT), wire, 0, 1, Tag.ERROR);
  else ops.push(Op.EXIT | (2 << N_SHIFT));
  const refs = throws ? [...texts, 'TypeError', 'went wrong'] : texts;
  const id = traceIdOf(number);
  const fields = ['work', 1, 1, 3, texts.map((_, index) => `p${index}`), [], [], [[]], 9] as const;
  return encodeSegment({
    header: {
      v: WIRE_VERSION,
      traceId: id,
      spanBase: id.slice(16),
      part,
      root: { kind, name, attributes },
      timeOrigin: 1_700_000_000_000,
      start,
      end: duration === null ? null : start + duration,
      process: { pid: 7, threadId: 0, service: 'shop', runtime: 'node v20' },
      dropped: {},
      functions: [{ id: 0, module, record: fields }],
    },
    chunks: [{ ops: Int32Array.from(ops), nums: new Float64Array(), refs, opsLength: ops.length, numsLength: 0, refsLength: refs.length }],
  });
}

/** A body of `/api/segments`, which is a trace file. */
export function traceFile(...segments: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([fileHeader(), ...segments.map(frameSegment)]);
}

export function traceOf(number: number, sample: Sample = {}): Trace {
  return buildTrace([decodeSegment(segment(number, sample))]);
}

export function captureFlowJson(number: number, sample: Sample = {}): ReturnType<typeof toCaptureFlowJson> {
  return toCaptureFlowJson(traceOf(number, sample));
}

export function otlpJson(number: number, sample: Sample = {}): ReturnType<typeof toOtlpJson> {
  return toOtlpJson([traceOf(number, sample)]);
}
