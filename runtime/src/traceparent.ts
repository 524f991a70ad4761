/**
 * W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/): read from what came in, written for what goes out. What is malformed is
 * ignored as a whole, never repaired: a wrong parent is worse than none. Must not know where the texts come from.
 */
import type { Root } from './recorder-config.ts';

/** Who caused a root, in another process or at another time. */
export interface ParentContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** The caller's flag, passed on as it came. Default: true. */
  readonly sampled?: boolean;
  /** The caller's `tracestate`, passed on as it came. */
  readonly state?: string;
}

/** What a message carries, be it headers, a job's data or variables. Names in any case. */
export interface TraceCarrier {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** The most that participants have to pass on. */
const MOST_STATE = 512;

/** A version other than ff, ids that are not zero; later versions may append fields. */
export function readTraceparent(header: string | undefined, state?: string): ParentContext | undefined {
  const match = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1;
  const passed = state?.trim();
  return {
    traceId,
    spanId,
    ...(isSampled ? {} : { sampled: false }),
    ...(passed !== undefined && /^[\x20-\x7e]+$/.test(passed) && passed.length <= MOST_STATE ? { state: passed } : {}),
  };
}

/** Of what a program passes as a carrier, whatever it is. Getters of the carrier do not run. */
export function readCarrier(carrier: unknown): ParentContext | undefined {
  if (typeof carrier !== 'object' || carrier === null) return undefined;
  let parent: string | undefined;
  let state: string | undefined;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(carrier)) as [string, PropertyDescriptor][]) {
    if (typeof value !== 'string') continue;
    if (name.toLowerCase() === 'traceparent') parent = value;
    else if (name.toLowerCase() === 'tracestate') state = value;
  }
  return readTraceparent(parent, state);
}

/** What a message that `root` sends has to carry. */
export function carrierOf(root: Root): { readonly traceparent: string; readonly tracestate?: string } {
  const { parent } = root;
  const traceparent = `00-${root.traceId}-${root.spanId}-${parent?.sampled === false ? '00' : '01'}`;
  return parent?.state === undefined ? { traceparent } : { traceparent, tracestate: parent.state };
}
