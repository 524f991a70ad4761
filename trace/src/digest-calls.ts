/**
 * Arguments and outcomes of calls as one number each, so that the calls of two traces can be compared without holding their values.
 * 32 bits: of two values that differ, one pair in four billion passes for equal.
 */
import type { NamedValue, Outcome, Value } from './model.ts';

/** One entry a span; 0: unknown. */
export interface CallDigests {
  readonly args: Uint32Array;
  readonly outcome: Uint32Array;
}

export const NO_DIGESTS: CallDigests = { args: new Uint32Array(0), outcome: new Uint32Array(0) };

export function digestCalls(calls: readonly { readonly args: readonly NamedValue[]; readonly outcome: Outcome }[]): CallDigests {
  return {
    args: Uint32Array.from(calls, ({ args }) => digestArguments(args)),
    outcome: Uint32Array.from(calls, ({ outcome }) => digestOutcome(outcome)),
  };
}

/** Never 0. */
export function digestArguments(args: readonly NamedValue[]): number {
  const digest = new Digest();
  digest.named(args);
  return digest.value;
}

/** 0 while the call is open. Where the return stands and which error object it was make no difference. */
export function digestOutcome(outcome: Outcome): number {
  if (outcome.kind === 'open') return 0;
  const digest = new Digest();
  digest.text(outcome.kind);
  if (outcome.kind === 'returned' && outcome.value !== undefined) digest.add(outcome.value);
  if (outcome.kind === 'threw' && outcome.error !== undefined) digest.add(outcome.error);
  return digest.value;
}

/** Values nest as deep as they were captured; what lies below this makes no difference. */
const DEEPEST = 50;

/** FNV-1a over the kinds and contents of values. */
class Digest {
  private hash = 0x811c9dc5;
  private depth = 0;

  get value(): number {
    return this.hash >>> 0 || 1;
  }

  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.unit(text.charCodeAt(i));
    this.unit(0xffff);
  }

  named(values: readonly NamedValue[]): void {
    for (const { name, value } of values) {
      this.text(name);
      this.add(value);
    }
    this.unit(0xfffe);
  }

  add(value: Value): void {
    this.text(value.kind);
    if (this.depth >= DEEPEST) return;
    this.depth++;
    switch (value.kind) {
      case 'boolean':
      case 'bigint':
        this.text(String(value.value));
        break;
      case 'number':
        this.text(Object.is(value.value, -0) ? '-0' : String(value.value));
        break;
      case 'string':
        this.text(value.value);
        this.text(String(value.length ?? ''));
        break;
      case 'symbol':
        this.text(value.description);
        break;
      case 'function':
        this.text(value.name);
        this.text(value.form);
        break;
      case 'object':
        this.text(value.className);
        this.text(String(value.size));
        this.named(value.entries);
        break;
      case 'array':
      case 'set':
        this.text(value.className);
        this.text(String(value.size));
        for (const item of value.items) this.add(item);
        break;
      case 'map':
        this.text(String(value.size));
        for (const [key, item] of value.pairs) {
          this.add(key);
          this.add(item);
        }
        break;
      case 'date':
        this.text(String(value.time));
        break;
      case 'error':
        this.text(value.className);
        this.text(value.message);
        this.named(value.entries);
        break;
      case 'regexp':
        this.text(value.source);
        break;
      case 'opaque':
      case 'cut':
        this.text(value.className);
        this.text(String(value.size));
        break;
      case 'buffer':
        this.text(value.className);
        this.text(String(value.size));
        this.text(value.head);
        break;
      case 'reference':
        this.text(String(value.id));
        break;
      default:
    }
    this.depth--;
    this.unit(0xfffd);
  }

  private unit(unit: number): void {
    this.hash = Math.imul(this.hash ^ unit, 0x01000193);
  }
}
