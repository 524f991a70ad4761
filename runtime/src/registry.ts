/** Functions by number: their records. What `enter` reads of them is in `gates.ts`. Modules may register while nothing is recorded. */
import { expandModule } from '@captureflow/trace/inline-metadata';
import type { InlineModule } from '@captureflow/trace/inline-metadata';
import { FunctionFlag, METADATA_VERSION, SiteKind } from '@captureflow/trace/metadata';
import type { FunctionRecord, ManifestReference, ModuleRecord } from '@captureflow/trace/metadata';
import type { SegmentFunction } from '@captureflow/trace/segment';
import { buildGate, growGates, linkGates } from './gates.ts';
import { hasOwn, objectKeys, setOwn } from './primordials.ts';

interface RegisteredModule {
  readonly base: number;
  readonly record: ModuleRecord | ManifestReference;
  readonly size: number;
}

const moduleOf: RegisteredModule[] = [];
/** By id and a digest of what says where functions stand: a page that reloads a module hundreds of times has hundreds of that id. */
const alike = new Map<string, RegisteredModule[]>();
let functionCount = 0;
let warn: (message: string) => void = () => {};

/** Who is told of a record that this runtime cannot read. */
export function onRegistryWarning(listener: (message: string) => void): void {
  warn = listener;
}

/** Probe `register`; without gates `enter` is asked at each call. The same record registered again (a module evaluated twice) gets the same numbers. */
export function register(record: InlineModule | ModuleRecord | ManifestReference, gates?: Int32Array): number {
  try {
    return registerModule(hasOwn(record, 'c') ? readInline(record as InlineModule) : (record as ModuleRecord | ManifestReference), gates);
  } catch {
    return reserve(1);
  }
}

/** Of another version only the number of functions is read. */
function readInline(inline: InlineModule): ModuleRecord | ManifestReference {
  if (inline.v === METADATA_VERSION) return expandModule(inline);
  return { v: inline.v, id: inline.id, hash: '', l: inline.c as unknown as readonly number[] };
}

function registerModule(record: ModuleRecord | ManifestReference, gates: Int32Array | undefined): number {
  const size = 'f' in record ? record.f.length : record.l.length;
  const key = `${record.id}\n${digest(record)}`;
  const twins = alike.get(key);
  const twin = twins?.find((known) => isSame(known.record, record));
  if (twin !== undefined) return twin.base;
  const base = reserve(size);
  const module: RegisteredModule = { base, record, size };
  if (twins === undefined) alike.set(key, [module]);
  else twins.push(module);
  for (let i = 0; i < size; i++) setOwn(moduleOf, base + i, module);
  if (gates !== undefined && gates.length === size) linkGates(base, gates);
  if (record.v === METADATA_VERSION) buildGates(module);
  else
    warn(
      `the metadata of ${record.id} has version ${String(record.v)}, this runtime reads ${METADATA_VERSION}: its functions are not recorded`,
    );
  return base;
}

function digest(record: ModuleRecord | ManifestReference): string | number {
  if (!('f' in record)) return record.hash;
  if (record.v !== METADATA_VERSION) return '';
  let sum = record.f.length;
  for (let i = 0; i < record.f.length; i++) {
    const fn = record.f[i] as FunctionRecord;
    sum = (sum * 31 + fn[1] * 7 + fn[2] + fn[3] + fn[8]) | 0;
  }
  return sum;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = objectKeys(a);
  if (keys.length !== objectKeys(b).length) return false;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as keyof typeof a;
    if (!isSame(a[key], b[key])) return false;
  }
  return true;
}

/** Function number 0 is never given: the wire's readers may use it for "unknown". */
function reserve(size: number): number {
  const base = functionCount === 0 ? 1 : functionCount;
  functionCount = base + size;
  growGates(functionCount);
  return base;
}

function flagsOf(module: RegisteredModule, index: number): number {
  const { record } = module;
  return ('f' in record ? record.f[index]?.[3] : record.l[index]) ?? 0;
}

function buildGates(module: RegisteredModule): void {
  for (let i = 0; i < module.size; i++) {
    const flags = flagsOf(module, i);
    buildGate(
      module.base + i,
      flags & FunctionFlag.LEVEL_MASK,
      (flags & FunctionFlag.GENERATOR) !== 0,
      (flags & FunctionFlag.LEXICAL_PARENT) !== 0,
      hasParameterSites(module.record, i),
    );
  }
}

/** What only a manifest knows may have some. */
function hasParameterSites(record: ModuleRecord | ManifestReference, index: number): boolean {
  if (!('f' in record)) return true;
  const sites = record.f[index]?.[6];
  if (sites === undefined) return true;
  for (let i = 0; i < sites.length; i++) if (sites[i]?.[0] === SiteKind.MORE_PARAMETERS) return true;
  return false;
}

/** Async functions and generators: a token of 0 cannot be resumed. */
export function mustBeRecorded(fn: number): boolean {
  const module = moduleOf[fn];
  return module !== undefined && (flagsOf(module, fn - module.base) & (FunctionFlag.ASYNC | FunctionFlag.GENERATOR)) !== 0;
}

export function recordOf(fn: number): FunctionRecord | undefined {
  const module = moduleOf[fn];
  return module !== undefined && 'f' in module.record ? module.record.f[fn - module.base] : undefined;
}

/** `SiteKind` of a site, -1 when only a manifest knows it. */
export function siteKind(fn: number, site: number): number {
  return recordOf(fn)?.[6][site]?.[0] ?? -1;
}

/** By function: how segments name it. */
const named: (SegmentFunction | undefined)[] = [];

/** How a segment names the function: the same object at each call. */
export function segmentFunction(fn: number): SegmentFunction | undefined {
  const known = named[fn];
  if (known !== undefined) return known;
  const module = moduleOf[fn];
  if (module === undefined) return undefined;
  const { record, base } = module;
  const name: SegmentFunction =
    'f' in record
      ? { id: fn, module: record.id, record: record.f[fn - base] ?? null }
      : { id: fn, module: record.id, record: null, hash: record.hash, index: fn - base };
  setOwn(named, fn, name);
  return name;
}

export function functionName(fn: number): string {
  const module = moduleOf[fn];
  return recordOf(fn)?.[0] ?? (module === undefined ? '<unknown>' : `${module.record.id}#${fn - module.base}`);
}

export function functionsRegistered(): number {
  return Math.max(0, functionCount - 1);
}
