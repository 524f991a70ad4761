/** Trace files for tests of the commands, written byte by byte without a runtime. */
import { encodeSegment, fileHeader, frameSegment, Link, Op, type SegmentHeader, WIRE_VERSION } from '@captureflow/trace';

/** One record: a root with `calls` calls of `load(id)` under it, one after the other, which return nothing. */
export function record(fields: Partial<SegmentHeader> = {}, calls: number = 1): Uint8Array {
  const ops: number[] = [];
  const nums: number[] = [];
  const word = (op: number, ...words: number[]): number => ops.push(op, ...words);
  for (let i = 0; i < calls; i++) {
    nums.push(100 + i, 100.5 + i);
    word(Op.TIME);
    word(Op.ENTER_AT, 0, Link.TOP);
    word(Op.TIME);
    word(Op.EXIT_AT, i + 1);
  }
  const header: SegmentHeader = {
    v: WIRE_VERSION,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanBase: '00f067aa0ba902b7',
    part: 0,
    root: { kind: 'run', name: 'job', attributes: {} },
    timeOrigin: 1_700_000_000_000,
    start: 100,
    end: 200,
    process: { pid: 7, threadId: 0, service: 'svc', runtime: 'node v20' },
    dropped: {},
    functions: [{ id: 0, module: 'src/app.ts', record: ['load', 3, 1, 3, [], [], [], [], 9] }],
    ...fields,
  };
  const chunk = {
    ops: Int32Array.from(ops),
    nums: Float64Array.from(nums),
    refs: [],
    opsLength: ops.length,
    numsLength: nums.length,
    refsLength: 0,
  };
  return frameSegment(encodeSegment({ header, chunks: [chunk] }));
}

export function traceFile(...records: readonly Uint8Array[]): Buffer {
  return Buffer.concat([fileHeader(), ...records]);
}
