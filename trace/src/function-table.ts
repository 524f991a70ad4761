/** The functions that one segment names, by the number its events carry. */
import { checkFunctionRecord } from './check-segment-header.ts';
import { FunctionFlag, LEVELS } from './metadata.ts';
import type { FunctionRecord, ModuleRecord } from './metadata.ts';
import type { FunctionInfo } from './model.ts';
import type { SegmentFunction, SegmentHeader } from './segment.ts';

/** Records of modules built with `metadata: 'manifest'`, by `ManifestReference.hash`. */
export type Manifests = ReadonlyMap<string, ModuleRecord>;

export interface KnownFunction {
  readonly info: FunctionInfo;
  /** Undefined: the segment does not carry it and no manifest has it. Names of values are then unknown. */
  readonly record: FunctionRecord | undefined;
}

export class FunctionTable {
  private readonly functions = new Map<number, KnownFunction>();

  constructor(header: SegmentHeader, manifests: Manifests | undefined) {
    for (const entry of header.functions) {
      const record = entry.record ?? findRecord(entry, manifests);
      this.functions.set(entry.id, { info: record ? createInfo(entry.module, record) : createPlaceholder(entry), record });
    }
  }

  /** Returns undefined for a number that the segment does not name. */
  find(id: number): KnownFunction | undefined {
    return this.functions.get(id);
  }
}

/** Stands for a function of which nothing but its number is known. */
export function createUnknownFunction(id: number): KnownFunction {
  return { info: createPlaceholder({ id, module: '', record: null }), record: undefined };
}

/** The name of a parameter or binding as people know it: without the mark of redaction. */
export function plainName(name: string): string {
  return isRedacted(name) ? name.slice(1) : name;
}

export function isRedacted(name: string): boolean {
  return name.startsWith('*');
}

function findRecord(entry: SegmentFunction, manifests: Manifests | undefined): FunctionRecord | undefined {
  if (entry.hash === undefined || entry.index === undefined) return undefined;
  // Segments are checked when they are decoded; a manifest is whatever lay in a file.
  const record = manifests?.get(entry.hash)?.f?.[entry.index];
  return checkFunctionRecord(record) === undefined ? record : undefined;
}

function createInfo(module: string, record: FunctionRecord): FunctionInfo {
  const [name, line, column, flags, parameters, , , , endLine, types] = record;
  return {
    key: `${module}#${name}`,
    name,
    module,
    line,
    column,
    endLine,
    level: LEVELS[flags & FunctionFlag.LEVEL_MASK] ?? 'calls',
    form: formOf(flags),
    async: (flags & FunctionFlag.ASYNC) !== 0,
    generator: (flags & FunctionFlag.GENERATOR) !== 0,
    parameters: parameters.map(plainName),
    ...(types ? { types } : {}),
  };
}

function createPlaceholder(entry: SegmentFunction): FunctionInfo {
  const name = `<function ${entry.index ?? entry.id}>`;
  return {
    key: `${entry.module}#${name}`,
    name,
    module: entry.module,
    line: 0,
    column: 0,
    endLine: 0,
    level: 'calls',
    form: 'function',
    async: false,
    generator: false,
    parameters: [],
  };
}

function formOf(flags: number): FunctionInfo['form'] {
  if (flags & FunctionFlag.CONSTRUCTOR) return 'constructor';
  if (flags & FunctionFlag.GETTER) return 'getter';
  if (flags & FunctionFlag.SETTER) return 'setter';
  if (flags & FunctionFlag.METHOD) return 'method';
  if (flags & FunctionFlag.STATIC_BLOCK) return 'static block';
  return flags & FunctionFlag.ARROW ? 'arrow' : 'function';
}
