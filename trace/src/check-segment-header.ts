/**
 * Says what is wrong with a segment's header, so that everything behind it can trust the types. Unknown keys pass: a later writer may
 * add some.
 */

type Fields = Readonly<Record<string, unknown>>;

const ROOT_KINDS: readonly unknown[] = ['event', 'http', 'run', 'script', 'task', 'test'];

/** Returns the first problem as a path and what is wanted there, or undefined. `WIRE_VERSION` is the caller's to check. */
export function checkSegmentHeader(header: unknown): string | undefined {
  if (!isFields(header)) return 'header: object';
  const { traceId, spanBase, part, root, timeOrigin, start, end, error, process, dropped, kept, rootsDropped, functions } = header;
  if (typeof traceId !== 'string' || !/^[0-9a-f]{32}$/.test(traceId)) return 'traceId: 32 hex digits';
  if (!isSpanId(spanBase)) return 'spanBase: 16 hex digits';
  if (!isCount(part)) return 'part: count';
  if (!isFields(root)) return 'root: object';
  if (!ROOT_KINDS.includes(root['kind'])) return `root.kind: one of ${ROOT_KINDS.join(', ')}`;
  if (typeof root['name'] !== 'string') return 'root.name: string';
  if (!isFields(root['attributes'])) return 'root.attributes: object';
  const { parent } = root;
  if (parent !== undefined && !(isFields(parent) && typeof parent['traceId'] === 'string' && isSpanId(parent['spanId']))) {
    return 'root.parent: { traceId, spanId }';
  }
  if (!Number.isFinite(timeOrigin)) return 'timeOrigin: number';
  if (!Number.isFinite(start)) return 'start: number';
  if (end !== null && !Number.isFinite(end)) return 'end: number or null';
  if (error !== undefined && !(isFields(error) && typeof error['type'] === 'string' && typeof error['message'] === 'string')) {
    return 'error: { type, message }';
  }
  if (!isFields(process)) return 'process: object';
  if (typeof process['pid'] !== 'number' || typeof process['threadId'] !== 'number') return 'process: pid and threadId as numbers';
  if (typeof process['service'] !== 'string' || typeof process['runtime'] !== 'string') return 'process: service and runtime as strings';
  if (!isFields(dropped) || !Object.values(dropped).every(Number.isFinite)) return 'dropped: numbers by cause';
  if (kept !== undefined && typeof kept !== 'string') return 'kept: string';
  if (rootsDropped !== undefined && !(isFields(rootsDropped) && Object.values(rootsDropped).every(Number.isFinite))) {
    return 'rootsDropped: numbers by cause';
  }
  if (!Array.isArray(functions)) return 'functions: array';
  for (let i = 0; i < functions.length; i++) {
    const problem = checkFunction(functions[i]);
    if (problem !== undefined) return `functions[${i}]${problem}`;
  }
  return undefined;
}

function checkFunction(entry: unknown): string | undefined {
  if (!isFields(entry)) return ': object';
  if (!Number.isInteger(entry['id'])) return '.id: integer';
  if (typeof entry['module'] !== 'string') return '.module: string';
  if (entry['hash'] !== undefined && typeof entry['hash'] !== 'string') return '.hash: string';
  if (entry['index'] !== undefined && !isCount(entry['index'])) return '.index: count';
  return entry['record'] === null ? undefined : checkFunctionRecord(entry['record']);
}

/** Returns the first problem of a `FunctionRecord`, as the rest of a path, or undefined. */
export function checkFunctionRecord(record: unknown): string | undefined {
  if (!Array.isArray(record)) return '.record: array';
  const [name, line, column, flags, parameters, bindings, sites, positions, endLine, types] = record as unknown[];
  if (typeof name !== 'string') return '.record[0]: string';
  if (!isCount(line) || !isCount(column) || !isCount(flags)) return '.record[1..3]: counts';
  if (!isArrayOf(parameters, isString)) return '.record[4]: strings';
  if (!isArrayOf(bindings, isString)) return '.record[5]: strings';
  if (!isArrayOf(sites, isSite)) return '.record[6]: sites';
  if (!isArrayOf(positions, (position) => isArrayOf(position, isCount))) return '.record[7]: arrays of counts';
  if (!isCount(endLine)) return '.record[8]: count';
  if (types !== undefined && types !== null && !isArrayOf(types, (type) => type === null || isString(type))) {
    return '.record[9]: strings and nulls';
  }
  return undefined;
}

function isSite(site: unknown): boolean {
  return Array.isArray(site) && isCount(site[0]) && isCount(site[1]) && isArrayOf(site[2], isCount);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isArrayOf(value: unknown, check: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(check);
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isSpanId(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
