/**
 * Threads and child processes that the program begins know in which root they were begun, without a change to the program. A thread is told by Node's
 * environment data: Node copies them when a `Worker` is made and asks getters for their values, and nobody sees them who does not ask for our key. A child
 * process can be told by a variable only, which it sees: only where the program asked for it (`start({ childProcesses })`).
 */
import type { ChildProcess } from 'node:child_process';
import { builtin } from './builtin.ts';
import type { ParentContext, TraceCarrier } from './traceparent.ts';
import { readTraceparent } from './traceparent.ts';

const KEY = 'captureflow.context';
const CHILDREN = 'child_process';

/** Of the root in which a thread was begun; undefined: in none. */
interface ThreadContext {
  readonly context: (TraceCarrier & { readonly inherited: string | undefined }) | undefined;
}

export interface ProcessContext {
  /** What a thread or process that is begun now has to be told. Must not throw. */
  carrier(): TraceCarrier;
  /** `TRACEPARENT` of this process: what it was told itself is nothing that the program says to others. */
  readonly inherited: string | undefined;
  readonly childProcesses: boolean;
}

/** Returns what stops it. */
export function installProcessContext(context: ProcessContext): () => void {
  const stopThreads = tellThreads(context);
  const stopChildren = context.childProcesses ? tellChildren(context) : () => {};
  return () => {
    stopThreads();
    stopChildren();
  };
}

let told: ThreadContext | undefined;
let wasRead = false;

/** What this thread was told at its beginning. The main thread has nobody who could. */
function toldContext(): ThreadContext | undefined {
  if (!wasRead) {
    wasRead = true;
    try {
      const threads = builtin('node:worker_threads');
      if (threads?.isMainThread === false) told = threads.getEnvironmentData(KEY) as ThreadContext | undefined;
    } catch {
      // Hosts that have part of the module.
    }
  }
  return told;
}

/** In which root this thread was begun. `own`: its `TRACEPARENT`, which wins unless it is only the process's. */
export function creatorOfThread(own: string | undefined): ParentContext | undefined {
  const context = toldContext()?.context;
  if (context === undefined || (own !== undefined && own !== context.inherited)) return undefined;
  return readTraceparent(context.traceparent, context.tracestate);
}

function tellThreads({ carrier, inherited }: ProcessContext): () => void {
  const threads = builtin('node:worker_threads');
  if (threads === undefined) return () => {};
  const before = toldContext();
  const mine: ThreadContext = {
    get context() {
      const given = carrier();
      return given.traceparent === undefined ? undefined : { ...given, inherited };
    },
  };
  try {
    threads.setEnvironmentData(KEY, mine as never);
  } catch {
    return () => {};
  }
  return () => {
    if (threads.getEnvironmentData(KEY) === (mine as unknown)) threads.setEnvironmentData(KEY, before as never);
  };
}

/** Node tells of a child process before it is begun, with the object whose `spawn` begins it: the next call of it gets one variable more. */
function tellChildren({ carrier, inherited }: ProcessContext): () => void {
  const channels = builtin('node:diagnostics_channel');
  if (channels === undefined) return () => {};
  const onChild = (message: unknown): void => {
    try {
      const child = (message as { process: ChildProcess & { spawn?: Spawn } }).process;
      const { traceparent, tracestate } = carrier();
      if (traceparent === undefined) return;
      const value: Spawn = (options) => {
        delete child.spawn;
        const envPairs = withContext(options.envPairs, inherited, traceparent, tracestate);
        return (child.spawn as Spawn | undefined)?.({ __proto__: null, ...options, envPairs } as SpawnOptions);
      };
      Object.defineProperty(child, 'spawn', { value, configurable: true, enumerable: false, writable: true });
    } catch {
      // A subscriber that throws would end the program.
    }
  };
  channels.subscribe(CHILDREN, onChild);
  return () => {
    channels.unsubscribe(CHILDREN, onChild);
  };
}

interface SpawnOptions {
  /** `NAME=value` each. */
  readonly envPairs?: unknown;
}

type Spawn = (options: SpawnOptions) => unknown;

/** A `TRACEPARENT` that the program gives stays. */
function withContext(pairs: unknown, inherited: string | undefined, traceparent: string, tracestate: string | undefined): unknown {
  if (!Array.isArray(pairs)) return pairs;
  const texts = pairs as readonly string[];
  const own = texts.find((pair) => pair.startsWith('TRACEPARENT='))?.slice('TRACEPARENT='.length);
  if (own !== undefined && own.trim() !== inherited) return pairs;
  return [
    ...texts.filter((pair) => !/^TRACE(?:PARENT|STATE)=/.test(pair)),
    `TRACEPARENT=${traceparent}`,
    ...(tracestate === undefined ? [] : [`TRACESTATE=${tracestate}`]),
  ];
}
