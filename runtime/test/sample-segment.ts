/** A small real segment: one root with one span of a function `work`, written by hand. */
import { encodeSegment, Op, WIRE_VERSION } from '@captureflow/trace';
import { OPERAND_SHIFT } from '@captureflow/trace/wire';
import type { RootKind, Segment } from '@captureflow/trace';
import type { EncodedSegment } from '../src/exporter.ts';

export interface SampleOptions {
  traceId?: string;
  part?: number;
  kind?: RootKind;
  name?: string;
}

/** `part` 1 and later hold one more span each. */
export function sampleSegment({ traceId = 'a'.repeat(32), part = 0, kind = 'run', name = 'job' }: SampleOptions = {}): Segment {
  const span = part + 1;
  const ops = Int32Array.of(Op.STACK, span, Op.TIME, Op.ENTER | (1 << OPERAND_SHIFT), Op.EXIT_AT, span, Op.TIME, Op.EMPTY);
  return {
    header: {
      v: WIRE_VERSION,
      traceId,
      spanBase: '0000000000000010',
      part,
      root: { kind, name, attributes: {} },
      timeOrigin: 1_700_000_000_000,
      start: 1,
      end: 5,
      process: { pid: 1, threadId: 0, service: 'test', runtime: 'node' },
      dropped: {},
      functions: [{ id: 1, module: 'src/work.ts', record: ['work', 3, 1, 1, [], [], [], [], 5] }],
    },
    chunks: [{ ops, opsLength: ops.length, nums: Float64Array.of(1, 5), numsLength: 2, refs: [], refsLength: 0 }],
  } as Segment;
}

export function encodedSample(options: SampleOptions = {}): EncodedSegment {
  const { traceId = 'a'.repeat(32), part = 0, kind = 'run', name = 'job' } = options;
  return { traceId, part, kind, name, ended: true, bytes: encodeSegment(sampleSegment(options)) };
}
