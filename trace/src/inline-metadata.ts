/**
 * The form of a module's metadata that stands in emitted code: what a function shares with the one before it is left out, because
 * the metadata was more than half of what instrumenting added to compressed output. Written by the plan, read by `register`; files
 * and segments hold `ModuleRecord`s. Runs in programs that have patched their prototypes: calls no method, assigns no new element (H173).
 *
 * @example
 * ```js
 * { v: 1, id: 'src/cart.ts', f: [['Cart.add', 3, 3, 66, ['item'], [], [], [], 5], ['Cart.total', 7, 3, 66, [], [], [], [], 9]] }
 * { v: 1, id: 'src/cart.ts', c: [[3, 3, 2, 66, 0, 'Cart.add', ['item']], [4, 0, 2, 0, 1, 'total']] }
 * ```
 */
import type { FunctionRecord, ModuleRecord, SiteRecord } from './metadata.ts';

/** Trailing empty lists are left out. */
export type InlineFunction = readonly [
  /** Lines from the start of the function before. */
  line: number,
  /** 1-based; 0: that of the function before. */
  column: number,
  /** Lines from its first to its last. */
  lines: number,
  /** `FunctionFlag` bits; 0: those of the function before. */
  flags: number,
  /** How many segments of its scope path are those of the function before. */
  shared: number,
  /** The other segments; a number n: `<anonymous>#n`, 1 without its number. */
  name: string | number,
  parameters?: readonly string[],
  bindings?: readonly string[],
  sites?: readonly SiteRecord[],
  positions?: readonly (readonly number[])[],
  types?: readonly (string | null)[],
];

export interface InlineModule {
  readonly v: number;
  readonly id: string;
  readonly c: readonly InlineFunction[];
}

const ANONYMOUS = '<anonymous>';

export function compactModule({ v, id, f }: ModuleRecord): InlineModule {
  let before: FunctionRecord | undefined;
  const c = f.map((record): InlineFunction => {
    const [name, line, column, flags, parameters, bindings, sites, positions, endLine, types] = record;
    const shared = before === undefined ? NOTHING_SHARED : shareSegments(before[0], name);
    const fields: unknown[] = [
      line - (before?.[1] ?? 0),
      column === before?.[2] ? 0 : column,
      endLine - line,
      flags === before?.[3] ? 0 : flags,
      shared.count,
      shorten(name.slice(shared.length)),
      parameters,
      bindings,
      sites,
      positions,
    ];
    if (types !== undefined) fields.push(types);
    while ((fields.at(-1) as { readonly length?: number }).length === 0 && fields.length > NAME + 1) fields.pop();
    before = record;
    return fields as unknown as InlineFunction;
  });
  return { v, id, c };
}

/** Index of the name in an `InlineFunction`. */
const NAME = 5;

interface Shared {
  /** Of segments. */
  readonly count: number;
  /** Of their text, with a dot behind each. */
  readonly length: number;
}

const NOTHING_SHARED: Shared = { count: 0, length: 0 };

/** The first segments of `name` that are those of `before`, its own last one never among them. */
function shareSegments(before: string, name: string): Shared {
  let count = 0;
  let length = 0;
  for (let k = 0; k < name.length; k++) {
    const isEnd = k === before.length;
    if (name[k] === '.' && (isEnd || before[k] === '.')) {
      count++;
      length = k + 1;
    }
    if (isEnd || name[k] !== before[k]) break;
  }
  return { count, length };
}

function shorten(name: string): string | number {
  if (!name.startsWith(ANONYMOUS)) return name;
  if (name === ANONYMOUS) return 1;
  const number = /^<anonymous>#([2-9]|[1-9]\d{1,5})$/.exec(name)?.[1];
  return number === undefined ? name : Number(number);
}

/** Rewrites the list of `inline` in place: its elements are there already, so no setter of a patched prototype runs. */
export function expandModule(inline: InlineModule): ModuleRecord {
  const f = inline.c as unknown as FunctionRecord[];
  let [name, line, column, flags] = ['', 0, 0, 0];
  for (let i = 0; i < f.length; i++) {
    const [lines, ownColumn, length, ownFlags, shared, rest, parameters, bindings, sites, positions, types] = inline.c[i] as InlineFunction;
    line += lines;
    if (ownColumn !== 0) column = ownColumn;
    if (ownFlags !== 0) flags = ownFlags;
    name = takeSegments(name, shared) + (typeof rest === 'string' ? rest : rest === 1 ? ANONYMOUS : `${ANONYMOUS}#${rest}`);
    const lists = [parameters ?? [], bindings ?? [], sites ?? [], positions ?? []] as const;
    f[i] =
      types === undefined
        ? [name, line, column, flags, lists[0], lists[1], lists[2], lists[3], line + length]
        : [name, line, column, flags, lists[0], lists[1], lists[2], lists[3], line + length, types];
  }
  return { v: inline.v, id: inline.id, f };
}

/** With the dot behind each; the last segment of a path has none of its own. */
function takeSegments(name: string, count: number): string {
  let taken = '';
  let dots = 0;
  for (let i = 0; dots < count && i < name.length; i++) {
    if (name[i] === '.') dots++;
    taken += name[i];
  }
  return dots < count ? `${taken}.` : taken;
}
