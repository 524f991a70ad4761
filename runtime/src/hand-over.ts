/**
 * The end of a root's part: keep or drop, and for what is kept a segment. The chunks go back to the pool either way. Called between
 * events only; user code (the keep decision, listeners) runs with probes that do nothing (H46).
 */
import type { Segment, SegmentFunction, SegmentHeader } from '@captureflow/trace/segment';
import { Op, WIRE_VERSION } from '@captureflow/trace/wire';
import type { ChunkColumns } from '@captureflow/trace/wire';
import type { Chunk } from './chunk.ts';
import { scanFunctions } from './chunk-scan.ts';
import { addWork, countWork, ENCODING, HAND_OVER } from './cost-meter.ts';
import { enterBusy, leaveBusy, loadRoot, storeRoot } from './columns.ts';
import { cursor } from './cursor.ts';
import { settleElided } from './elided-calls.ts';
import { lookAt, reasonToWrite } from './governed-functions.ts';
import type { KeepReason } from './keep-policy.ts';
import { countDroppedRoot, countKeptRoot } from './kept-roots.ts';
import { isQuiescent } from './late-work.ts';
import { append } from './primordials.ts';
import type { RecorderConfig, RootSummary } from './recorder-config.ts';
import { functionsRegistered, segmentFunction } from './registry.ts';
import { state } from './recorder-state.ts';
import type { RootRecord } from './root.ts';

/** Hands over what the root has recorded since the last time; what follows is its next part. */
export function handOver(root: RootRecord): void {
  const { config } = state;
  if (config === undefined) return;
  let began = state.now();
  settleElided();
  if (cursor.root === root) storeRoot();
  if (root.implicit && !root.ended && isQuiescent(root)) endImplicit(root);
  if (isWorthTelling(root)) {
    const summary = summarize(root);
    const wasBusy = state.busy;
    enterBusy();
    try {
      const asked = askKeep(config.keep, summary);
      const answer = asked === 'all' ? (reasonToWrite(summary, began) ?? 'drop') : asked;
      if (answer === 'drop') {
        state.segmentsDropped++;
        root.partDropped = true;
        countDroppedRoot(asked === 'drop' ? 'policy' : 'budget');
      } else {
        state.segmentsKept++;
        root.partKept = true;
        const kept = state.now();
        countWork(ENCODING, () => give(root, config, summary, answer), root.chunks.length <= 1);
        began += state.now() - kept;
      }
    } catch {
      state.dropped.listener++;
      countDroppedRoot('listener');
    }
    if (!wasBusy) leaveBusy();
    root.part++;
    root.endTold = summary.ended;
  }
  beginNextPart(root);
  const ended = state.now();
  addWork(HAND_OVER, ended - began);
  lookAt(ended);
}

function give(root: RootRecord, config: RecorderConfig, summary: RootSummary, answer: 'keep' | KeepReason): void {
  config.onSegment(createSegment(root, summary.ended, config.processInfo, answer), summary, () => {
    const { chunks } = root;
    root.chunks = [];
    return () => {
      releaseAll(chunks);
      chunks.length = 0;
    };
  });
}

/** Not worth it: an implicit root without events, and a root of which all is told. */
function isWorthTelling(root: RootRecord): boolean {
  return !root.blank || (!root.implicit && (root.part === 0 || (root.ended && !root.endTold)));
}

function endImplicit(root: RootRecord): void {
  root.ended = true;
  root.end = root.lastActive;
  if (state.implicit === root) state.implicit = undefined;
}

function askKeep(keep: RecorderConfig['keep'], summary: RootSummary): 'keep' | 'drop' | KeepReason {
  try {
    return keep(summary);
  } catch {
    state.dropped.listener++;
    return 'keep';
  }
}

function summarize(root: RootRecord): RootSummary {
  const end = root.ended ? Math.max(root.end, root.part > 0 ? root.lastActive : 0) : state.now();
  return {
    root,
    part: root.part,
    ended: root.ended,
    duration: Math.max(0, end - root.start),
    spans: root.span - root.partSpan,
    throws: root.throws,
    // OpenTelemetry's sign of a failed request.
    failed: root.failure !== undefined || root.attributes['error.type'] !== undefined,
    droppedEvents: root.lostToPool + root.lostToRing,
    asked: root.asked,
    rare: root.rare,
    earlierKept: root.partKept,
  };
}

function createSegment(root: RootRecord, ended: boolean, processInfo: SegmentHeader['process'], answer: 'keep' | KeepReason): Segment {
  const chunks = gapped(root);
  const rootsDropped = countKeptRoot(answer);
  const header: SegmentHeader = {
    v: WIRE_VERSION,
    traceId: root.traceId,
    spanBase: root.spanId,
    part: root.part,
    root: {
      kind: root.kind,
      name: root.name,
      attributes: root.attributes,
      ...(root.parent === undefined ? {} : { parent: { traceId: root.parent.traceId, spanId: root.parent.spanId } }),
    },
    timeOrigin: state.timeOrigin,
    start: root.start,
    end: ended ? Math.max(root.end, root.start) : null,
    ...(root.failure === undefined ? {} : { error: root.failure }),
    process: processInfo,
    dropped: droppedOf(root),
    ...(answer === 'keep' || answer === 'all' ? {} : { kept: answer }),
    ...(rootsDropped === undefined ? {} : { rootsDropped }),
    functions: functionsOf(chunks),
  };
  return { header, chunks };
}

/** The chunks with a GAP where the ring lost some. */
function gapped(root: RootRecord): ChunkColumns[] {
  const chunks: ChunkColumns[] = [...root.chunks];
  if (root.lostToRing > 0) chunks.splice(state.maxChunksPerRoot >> 1, 0, gapChunk(root.lostToRing));
  if (root.missing > 0) append(chunks, gapChunk(root.missing));
  if (root.elidedLength > 0) append(chunks, elidedChunk(root));
  return chunks;
}

/** Words, and as many doubles, of memory for what `elidedChunk` makes. */
const SPARE = 4096;
let spareOps: Int32Array = new Int32Array(0);
let spareNums: Float64Array = new Float64Array(0);
let elidedPlace = 0;

/** What was counted and not recorded, directly under the root. */
function elidedChunk(root: RootRecord): ChunkColumns {
  root.sumElided();
  const size = root.elidedLength / 2;
  if (spareOps.length < elidedPlace + size * 3) {
    // Encoding may not be done with what stood there: it gets new memory, which many roots share, because memory outside of the heap is dear (byte-writer.ts).
    spareOps = new Int32Array(SPARE + size * 3);
    spareNums = new Float64Array(SPARE + size * 3);
    elidedPlace = 0;
  }
  const ops = new Int32Array(spareOps.buffer, elidedPlace * 4, size * 3);
  const nums = new Float64Array(spareNums.buffer, elidedPlace * 8, size);
  elidedPlace += size * 3;
  for (let i = 0; i < size; i++) {
    ops[i * 3] = Op.ELIDED;
    ops[i * 3 + 1] = root.elided[i * 2] as number;
    nums[i] = root.elided[i * 2 + 1] as number;
  }
  return { ops, nums, refs: [], opsLength: ops.length, numsLength: size, refsLength: 0 };
}

function gapChunk(events: number): ChunkColumns {
  return { ops: Int32Array.of(Op.GAP), nums: Float64Array.of(events), refs: [], opsLength: 1, numsLength: 1, refsLength: 0 };
}

function droppedOf(root: RootRecord): Record<string, number> {
  const dropped: Record<string, number> = {};
  if (root.lostToPool > 0) dropped['poolFull'] = root.lostToPool;
  if (root.lostToRing > 0) dropped['ring'] = root.lostToRing;
  if (root.lostToTable > 0) dropped['tableFull'] = root.lostToTable;
  return dropped;
}

/** By function: the last segment in which it was seen. A set takes ten times as long, for each call in the trace. */
let seenIn: Int32Array = new Int32Array(0);
let segmentNumber = 0;

function functionsOf(chunks: readonly ChunkColumns[]): SegmentFunction[] {
  const functions: SegmentFunction[] = [];
  const count = functionsRegistered() + 1;
  if (seenIn.length < count) seenIn = new Int32Array(count * 2);
  const seen = seenIn;
  const number = ++segmentNumber | 0;
  const add = (fn: number): void => {
    if (seen[fn] === number) return;
    seen[fn] = number;
    const known = segmentFunction(fn);
    if (known !== undefined) append(functions, known);
  };
  for (let i = 0; i < chunks.length; i++) scanFunctions(chunks[i] as ChunkColumns, add);
  return functions;
}

function releaseAll(chunks: readonly Chunk[]): void {
  for (let i = 0; i < chunks.length; i++) state.pool.release(chunks[i] as Chunk);
}

/** Gives the chunks back and starts the counters of the next part. Span numbers go on. */
function beginNextPart(root: RootRecord): void {
  state.spansHandedOver += root.span - root.partSpan;
  state.eventsHandedOver += root.span - root.partSpan + root.events - root.partEvents;
  releaseAll(root.chunks);
  root.chunks = [];
  root.chunk = undefined;
  root.partSpan = root.span;
  root.partEvents = root.events;
  root.throws = 0;
  root.rare = false;
  root.missing = 0;
  root.lostToPool = 0;
  root.lostToRing = 0;
  root.lostToTable = 0;
  root.forgetElided();
  root.pinned = 0;
  if (cursor.root === root) loadRoot(root);
}
