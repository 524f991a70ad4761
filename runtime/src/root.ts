/**
 * A root while the recorder knows it, and the table that finds it by serial number. Slots name roots by serial: a plain
 * integer costs nothing to write and keeps nobody alive.
 */
import type { RootKind } from '@captureflow/trace/segment';
import type { Chunk } from './chunk.ts';
import type { Root, RootMeta } from './recorder-config.ts';
import { append, arrayOf, mapGet, mapSet, typedArraySet } from './primordials.ts';
import { randomHex } from './trace-ids.ts';
import type { ParentContext } from './traceparent.ts';

/** Spans above the top went without an event. */
export const UNWOUND = 1;
/** The stack was set aside and put back. */
export const REPLACED = 2;

const NO_COUNTS: Float64Array = new Float64Array(0);
const FIRST_COUNTS = 256;
const LARGEST_SPARE = 8192;
/** The list of a root that was handed over, for the next one. */
let spareCounts: Float64Array | undefined;

export class RootRecord implements Root {
  readonly kind: RootKind;
  name: string;
  readonly attributes: Record<string, unknown>;
  parent: RootMeta['parent'];
  readonly serial: number;
  /** The recording this root belongs to; an older one's roots are nobody's. */
  readonly session: number;
  /** Opened by the recorder, not by a caller. */
  readonly implicit: boolean;
  ended = false;
  failure: { readonly type: string; readonly message: string } | undefined;
  part = 0;
  /** `keep` said no to a part, or yes. */
  partDropped = false;
  partKept = false;
  /** Somebody wants this root kept. */
  asked = false;
  /** A rare function ran in this part. */
  rare = false;
  /** A segment said when the root ended. */
  endTold = false;
  start = 0;
  end = 0;
  /** Clock at the last EMPTY. */
  lastActive = 0;

  chunks: Chunk[] = [];
  /** The chunk that is written to; undefined before the first event of a part. */
  chunk: Chunk | undefined;
  span = 0;
  events = 0;
  timePos = 0;
  /** Where the open chunk's STACK event ends. */
  front = 0;
  stringBytes = 0;
  /** `span` and `events` where the open chunk and the part begin. */
  chunkSpan = 0;
  chunkEvents = 0;
  partSpan = 0;
  partEvents = 0;
  throws = 0;
  /** Events lost since the last GAP, for want of a chunk. */
  missing = 0;
  lostToPool = 0;
  lostToRing = 0;
  lostToTable = 0;

  /** Calls that were counted and not recorded in this part: function and number in turn, a function more than once. */
  elided: Float64Array = NO_COUNTS;
  elidedLength = 0;
  /** Spans up to this number may not be taken back (`examples.ts`). */
  pinned = 0;
  /** How often some were. */
  takenBack = 0;

  /** First slot of the list of suspended spans. */
  suspended = 0;
  /** Stack and columns disagree: the next event must say how it is. */
  torn: 0 | typeof UNWOUND | typeof REPLACED = 0;
  private adopted = false;
  /** A check for the end of late work is under way. */
  checking = false;

  private trace: string | undefined;
  private base: string | undefined;

  constructor(meta: RootMeta, serial: number, session: number, implicit: boolean) {
    this.kind = meta.kind;
    this.name = meta.name;
    this.attributes = { ...meta.attributes };
    this.parent = meta.parent;
    this.serial = serial;
    this.session = session;
    this.implicit = implicit;
  }

  get traceId(): string {
    return (this.trace ??= this.parent?.traceId ?? randomHex(16));
  }

  get spanId(): string {
    return (this.base ??= randomHex(8));
  }

  keep(): void {
    this.asked = true;
  }

  /** Takes a nearer parent than the one it was opened with, once, unless somebody was told of another trace already. */
  adopt(parent: ParentContext): void {
    const known = this.trace ?? this.parent?.traceId;
    if (this.adopted || this.ended || this.part > 0 || (known !== undefined && known !== parent.traceId)) return;
    this.adopted = true;
    this.parent = parent;
  }

  /** Nothing was recorded since the last hand-over. */
  get blank(): boolean {
    return this.chunks.length === 0 && this.missing === 0 && this.elidedLength === 0;
  }

  elide(fn: number, calls: number): void {
    if (this.elidedLength === this.elided.length) this.growElided();
    this.elided[this.elidedLength] = fn;
    this.elided[this.elidedLength + 1] = calls;
    this.elidedLength += 2;
  }

  /** Each function once from now on, in the order of their first counts. */
  sumElided(): void {
    const list = this.elided;
    const places = new Map<number, number>();
    let length = 0;
    for (let i = 0; i < this.elidedLength; i += 2) {
      const fn = list[i] as number;
      const place = mapGet(places, fn) as number | undefined;
      if (place === undefined) {
        mapSet(places, fn, length);
        list[length] = fn;
        list[length + 1] = list[i + 1] as number;
        length += 2;
      } else list[place + 1] = (list[place + 1] as number) + (list[i + 1] as number);
    }
    this.elidedLength = length;
  }

  forgetElided(): void {
    if (this.elided.length > 0 && this.elided.length <= LARGEST_SPARE) spareCounts = this.elided;
    this.elided = NO_COUNTS;
    this.elidedLength = 0;
  }

  private growElided(): void {
    const { length } = this.elided;
    if (length === 0) {
      this.elided = spareCounts ?? new Float64Array(FIRST_COUNTS);
      spareCounts = undefined;
      return;
    }
    this.sumElided();
    if (this.elidedLength <= length / 2) return;
    const more = new Float64Array(length * 2);
    typedArraySet(more, this.elided);
    this.elided = more;
  }
}

const FIRST_ENTRIES = 1024;

/** Roots that are open or ended not long ago. An ended one stays for late work until its place is needed. */
export class RootTable {
  private entries: (RootRecord | undefined)[] = [];
  private mask = -1;
  private lastSerial = 0;

  /** `discard` is told of the ended root that makes room. */
  add(make: (serial: number) => RootRecord, busy: (root: RootRecord) => boolean, discard: (root: RootRecord) => void): RootRecord {
    if (this.mask < 0) this.resize(FIRST_ENTRIES);
    for (let tries = 0; ; tries++) {
      if (tries === 8) {
        this.resize(this.entries.length * 2);
        tries = 0;
      }
      const serial = ++this.lastSerial;
      const before = this.entries[serial & this.mask];
      if (before !== undefined && (!before.ended || busy(before))) continue;
      if (before !== undefined) discard(before);
      const root = make(serial);
      this.entries[serial & this.mask] = root;
      return root;
    }
  }

  find(serial: number): RootRecord | undefined {
    const root = this.entries[serial & this.mask];
    return root !== undefined && root.serial === serial ? root : undefined;
  }

  /** For loops without a list: `at(0)` to `at(places - 1)`, many of them empty, in no order. */
  get places(): number {
    return this.entries.length;
  }

  at(place: number): RootRecord | undefined {
    return this.entries[place];
  }

  /** In no order. Plain loops: probes come here, and a program may have patched what arrays can do (H173). */
  all(): RootRecord[] {
    const roots: RootRecord[] = [];
    for (let i = 0; i < this.entries.length; i++) {
      const root = this.entries[i];
      if (root !== undefined) append(roots, root);
    }
    return roots;
  }

  clear(): void {
    this.entries = [];
    this.mask = -1;
  }

  private resize(size: number): void {
    const roots = this.all();
    this.entries = arrayOf(size);
    this.mask = size - 1;
    for (let i = 0; i < roots.length; i++) {
      const root = roots[i] as RootRecord;
      this.entries[root.serial & this.mask] = root;
    }
  }
}
