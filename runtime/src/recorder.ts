/** The recorder as the rest of the runtime sees it: start and stop, roots, hand-over, counters. The hot path is in `probes.ts`. */
import { Op } from '@captureflow/trace/wire';
import { contextRoot, disableContext, enterContext, leaveAmbientRoot, runInContext, setAmbientRoot } from './async-context.ts';
import { put } from './capture.ts';
import { ownText } from './capture-exotic.ts';
import { CHUNK_BYTES } from './chunk.ts';
import { classInfoOf } from './class-info.ts';
import { startClock } from './clock.ts';
import { beQuiet, loadRoot, service, switchRoot } from './columns.ts';
import { cursor, NO_ROOT } from './cursor.ts';
import { countFor, settleElided } from './elided-calls.ts';
import { rootOfError } from './error-ids.ts';
import { collectExamples } from './examples.ts';
import { startGovernor, stopGovernor } from './governed-functions.ts';
import { handOver } from './hand-over.ts';
import { hostTypes, isProxy } from './host-types.ts';
import { addRoot, implicitRoot } from './implicit-root.ts';
import { isQuiescent, onQuietRoot, savedStacks } from './late-work.ts';
import { forgetHeld } from './outcomes.ts';
import { append, performanceNow, performanceOrigin } from './primordials.ts';
import type { RecorderConfig, RecorderStats, Root, RootMeta } from './recorder-config.ts';
import { askLevel, callsCounted } from './gates.ts';
import { functionsRegistered } from './registry.ts';
import { forgetSamples } from './sampled-objects.ts';
import { state } from './recorder-state.ts';
import { REPLACED, RootRecord } from './root.ts';
import { setRedaction } from './sensitive.ts';
import { tear } from './stack.ts';
import type { ParentContext } from './traceparent.ts';
import { allocateSlots, BELOW, discardStack, discardSuspended, isOpen, openSlots, rootOf, SPAN, tokenOf } from './slots.ts';

/** Head and ring need two chunks each. */
const FEWEST_CHUNKS = 4;

onQuietRoot(handOver);

/** Begins a recording; one that runs is stopped first. Allocates what the recorder needs, once a realm. */
export function startRecorder(config: RecorderConfig): void {
  if (state.started) stopRecorder();
  allocateSlots();
  state.config = config;
  state.limits = config.limits;
  state.session++;
  state.precise = config.clock === 'precise';
  state.now = config.now ?? performanceNow;
  state.timeOrigin = config.timeOrigin ?? performanceOrigin;
  state.pool.maxBytes = config.maxBytes;
  state.maxChunksPerRoot = Math.max(FEWEST_CHUNKS, config.maxChunksPerRoot ?? Math.floor(config.maxBytes / CHUNK_BYTES / 2));
  state.implicitOpened = 0;
  state.startTime = state.now();
  startClock(state.startTime);
  setRedaction(config.redact ?? {}, config.redactDefaults ?? true);
  cursor.stringLimit = config.limits.string;
  forgetSamples();
  collectExamples(config.examples ?? false);
  const budget = config.budget ?? 1;
  // The governor thins by itself, and knows who is rare.
  askLevel(config.level, budget >= 1 && (config.objects ?? 'sampled') === 'sampled', startGovernor(budget, config.watchRare ?? false));
  state.started = true;
}

/** Hands over everything, open spans as open, and ends the recording: tokens still held by running functions are stale from now on. */
export function stopRecorder(): void {
  if (!state.started) return;
  const wasQuiet = state.quiet;
  beQuiet(true);
  drainRoots(true);
  state.started = false;
  beQuiet(wasQuiet);
  stopGovernor();
  collectExamples(false);
  askLevel('off', false);
  discardStack(cursor.current);
  for (const top of savedStacks) discardStack(top);
  for (const root of state.roots.all()) discardSuspended(root);
  savedStacks.length = 0;
  cursor.current = 0;
  forgetHeld();
  setRedaction({}, true);
  state.roots.clear();
  state.implicit = undefined;
  state.config = undefined;
  disableContext();
  state.pool.trim();
  loadRoot(NO_ROOT);
}

/** A new root. It takes no part in anything until `runInRoot` or `enterRoot`. */
export function openRoot(meta: RootMeta): Root {
  const root = addRoot(meta, false);
  root.start = state.now();
  root.lastActive = root.start;
  return root;
}

/** Ends the root and hands it over, with its open spans as open. `error`: what it failed with; undefined: it did not. Once; later calls do nothing. */
export function endRoot(root: Root, error?: unknown): void {
  if (!(root instanceof RootRecord) || root.ended || root.session !== state.session) return;
  root.ended = true;
  root.end = state.now();
  if (error !== undefined) root.failure = failureOf(error);
  leaveAmbientRoot(root);
  if (state.started) handOver(root);
}

/**
 * Nobody handled `error`, and the program goes on: the root in which a recorded call threw it has failed, when it ends. One that nobody recorded, a foreign script's
 * for example, is nobody's.
 */
export function failUnhandled(error: unknown): void {
  const serial = state.started ? rootOfError(error) : undefined;
  const root = serial === undefined ? undefined : state.roots.find(serial);
  if (root !== undefined && !root.ended) root.failure ??= failureOf(error);
}

/** Calls `fn` with the root as its asynchronous context and nothing of the caller on the stack. Returns and throws what `fn` does. */
export function runInRoot<T>(root: Root, fn: () => T): T {
  if (!state.started || !(root instanceof RootRecord) || root.session !== state.session) return fn();
  const outer = cursor.current;
  const token = outer === 0 ? 0 : tokenOf(outer);
  append(savedStacks, outer);
  cursor.current = 0;
  cursor.limit = -1;
  // A counted call on an empty stack does not come here to say whose it is.
  countFor(root);
  try {
    return runInContext(root, fn);
  } finally {
    if (root.session === state.session && state.started) {
      savedStacks.length--;
      for (let slot = cursor.current; slot !== 0; slot = cursor.slots[(slot << 3) + BELOW] as number) tear(slot);
      discardStack(cursor.current);
      cursor.current = 0;
      cursor.limit = -1;
      if (isOpen(token)) {
        const back = rootOf(outer);
        if (back !== undefined) {
          switchRoot(back);
          back.torn = REPLACED;
          cursor.limit = -1;
          cursor.current = outer;
        }
      }
      if (cursor.current === 0) countFor(contextRoot() ?? state.implicit ?? root);
    }
  }
}

/** From here on and in all that starts from here, work on an empty stack belongs to the root. */
export function enterRoot(root: Root): void {
  if (!state.started || !(root instanceof RootRecord) || root.session !== state.session) return;
  enterContext(root);
  if (cursor.current === 0) countFor(root);
}

/** Until the root ends or another takes its place, it stands in for the implicit root. */
export function enterAmbientRoot(root: Root): void {
  if (state.started && root instanceof RootRecord && root.session === state.session) setAmbientRoot(root);
}

/** The root of the span that runs, else of the asynchronous context; never an implicit one that has no span on the stack. */
export function currentRoot(): Root | undefined {
  if (!state.started) return undefined;
  return (cursor.current === 0 ? undefined : rootOf(cursor.current)) ?? contextRoot();
}

/** The root of what runs now, if it is a request, hangs under `parent` from now on. */
export function adoptParent(parent: ParentContext): void {
  const root = currentRoot();
  if (root instanceof RootRecord && root.kind === 'http') root.adopt(parent);
}

/** Puts a snapshot of `value` on the span that runs, else on the root. */
export function annotate(value: unknown): void {
  if (!state.started || state.busy) return;
  const c = cursor;
  const root = currentRoot() as RootRecord | undefined;
  switchRoot(root ?? implicitRoot(0));
  if (!service()) return;
  const p = c.pos;
  c.start = p;
  c.ops[p] = Op.ANNOTATE;
  c.ops[p + 1] = c.current === 0 ? 0 : (c.slots[(c.current << 3) + SPAN] as number);
  const q = put(value, p + 2);
  c.events++;
  c.pos = q;
}

/**
 * Hands over what is done: implicit roots, and late work of ended ones. `final`: everything, roots that have not ended too.
 * What comes later is the next part.
 */
export function drainRoots(final: boolean): void {
  if (!state.started || state.busy) return;
  settleElided();
  // In order of their beginning.
  for (const root of state.roots.all().sort((a, b) => a.serial - b.serial)) {
    const blank = root.blank && cursor.root !== root;
    if (root.implicit && !root.ended ? !blank : root.ended ? !blank && (final || isQuiescent(root)) : final) handOver(root);
  }
}

/** Counters since the first start. */
export function recorderStats(): RecorderStats {
  let spans = state.spansHandedOver;
  let events = state.eventsHandedOver;
  let rootsOpen = 0;
  for (const root of state.roots.all()) {
    const isCurrent = cursor.root === root;
    const newSpans = (isCurrent ? cursor.span : root.span) - root.partSpan;
    spans += newSpans;
    events += newSpans + (isCurrent ? cursor.events : root.events) - root.partEvents;
    if (!root.ended) rootsOpen++;
  }
  return {
    on: state.started && !state.quiet,
    calls: callsCounted(),
    spans,
    events,
    rootsOpened: state.rootsOpened,
    rootsOpen,
    segmentsKept: state.segmentsKept,
    segmentsDropped: state.segmentsDropped,
    openSpans: openSlots(),
    functions: functionsRegistered(),
    chunksInUse: state.pool.inUse,
    chunksAllocated: state.pool.allocated,
    chunkBytes: state.pool.allocated * CHUNK_BYTES,
    dropped: { ...state.dropped },
  };
}

/** An error as text, without running its code. */
function failureOf(error: unknown): { type: string; message: string } {
  if ((typeof error !== 'object' || error === null) && typeof error !== 'function') return { type: typeof error, message: String(error) };
  if (isProxy === undefined || hostTypes === undefined || isProxy(error)) return { type: '', message: '' };
  return { type: classInfoOf(error).name, message: ownText(error, 'message') };
}
