/**
 * The rules of the CaptureFlow server for a posted trace: its pydantic models, and what its call graph takes for granted. Numbers must be
 * numbers here, where pydantic would also take text that looks like one. Unknown keys and unknown kinds of events pass, as they do there.
 */

type Fields = Readonly<Record<string, unknown>>;
type Report = (path: string, problem: string) => void;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$/;

/** Returns what is wrong with `value` as a trace for the server, each as `path: problem`; an empty list when it would be taken. */
export function checkCaptureFlowJson(value: unknown): string[] {
  const problems: string[] = [];
  const report: Report = (path, problem) => void problems.push(`${path}: ${problem}`);
  if (!isFields(value)) return ['trace: must be an object'];
  checkText(value, 'invocation_id', '', report);
  checkTimestamp(value, '', report);
  checkText(value, 'endpoint', '', report);
  checkArguments(value['input'], 'input', report);
  const { output, call_stack: callStack, log_filename: logFilename, execution_trace: events } = value;
  if (output !== undefined && output !== null) {
    if (isFields(output)) checkSerialized(output['result'], 'output.result', report);
    else report('output', 'must be an object');
  }
  if (callStack !== undefined && !Array.isArray(callStack)) report('call_stack', 'must be an array');
  if (logFilename !== undefined && logFilename !== null && typeof logFilename !== 'string') report('log_filename', 'must be a string');
  if (Array.isArray(events)) checkEvents(events, report);
  else report('execution_trace', 'must be an array');
  return problems;
}

function checkEvents(events: readonly unknown[], report: Report): void {
  const calls = new Set<unknown>();
  const ids = new Set<unknown>();
  const lastReturns = new Map<unknown, number>();
  events.forEach((event, index) => {
    if (!isFields(event)) return;
    if (event['event'] === 'call') calls.add(event['id']);
    else if (event['event'] === 'return') lastReturns.set(event['caller_id'], index);
  });
  events.forEach((event, index) => {
    const path = `execution_trace[${index}]`;
    if (!isFields(event)) {
      report(path, 'must be an object');
      return;
    }
    if (ids.has(event['id'])) report(`${path}.id`, 'must not occur twice');
    ids.add(event['id']);
    checkEvent(event, path, calls, report);
    // Events of concurrent calls can stand between an exception and its return.
    if (event['event'] === 'exception' && !((lastReturns.get(event['caller_id']) ?? -1) > index)) {
      report(path, 'must be followed by a return of the same call');
    }
  });
}

function checkEvent(event: Fields, path: string, calls: ReadonlySet<unknown>, report: Report): void {
  const { id, line, event: kind, caller_id: callerId } = event;
  if (typeof id !== 'string' || !UUID.test(id)) report(`${path}.id`, 'must be a UUID');
  checkTimestamp(event, `${path}.`, report);
  for (const key of ['event', 'function', 'file', 'source_line', 'tag']) checkText(event, key, `${path}.`, report);
  if (!Number.isInteger(line)) report(`${path}.line`, 'must be an integer');
  if (callerId !== undefined && callerId !== null && typeof callerId !== 'string') report(`${path}.caller_id`, 'must be a string or null');
  else if (typeof callerId === 'string' && !calls.has(callerId)) report(`${path}.caller_id`, 'must be the id of a call in this trace');
  if (kind === 'call') {
    checkArguments(event['arguments'], `${path}.arguments`, report);
    checkSerialized(event['return_value'], `${path}.return_value`, report);
  } else if (kind === 'return') {
    checkSerialized(event['return_value'], `${path}.return_value`, report);
    if (typeof callerId !== 'string') report(`${path}.caller_id`, 'must be the id of the call that returns');
  } else if (kind === 'exception') {
    checkExceptionInfo(event['exception_info'], `${path}.exception_info`, report);
    if (typeof callerId !== 'string') report(`${path}.caller_id`, 'must be the id of the call that threw');
  }
}

function checkExceptionInfo(info: unknown, path: string, report: Report): void {
  if (!isFields(info)) {
    report(path, 'must be an object');
    return;
  }
  checkText(info, 'type', `${path}.`, report);
  checkText(info, 'value', `${path}.`, report);
  const { traceback } = info;
  if (!Array.isArray(traceback) || !traceback.every((frame) => typeof frame === 'string')) {
    report(`${path}.traceback`, 'must be an array of strings');
  }
}

function checkArguments(value: unknown, path: string, report: Report): void {
  if (!isFields(value)) {
    report(path, 'must be an object');
    return;
  }
  const { args, kwargs } = value;
  if (!Array.isArray(args)) report(`${path}.args`, 'must be an array');
  if (!isFields(kwargs)) {
    report(`${path}.kwargs`, 'must be an object');
    return;
  }
  for (const [name, argument] of Object.entries(kwargs)) checkSerialized(argument, `${path}.kwargs.${name}`, report);
}

function checkSerialized(value: unknown, path: string, report: Report): void {
  if (!isFields(value)) {
    report(path, 'must be an object');
    return;
  }
  checkText(value, 'python_type', `${path}.`, report);
  checkText(value, 'json_serialized', `${path}.`, report);
}

function checkTimestamp(fields: Fields, prefix: string, report: Report): void {
  const { timestamp } = fields;
  if (typeof timestamp !== 'string' || !TIMESTAMP.test(timestamp)) report(`${prefix}timestamp`, 'must be a local ISO time without zone');
}

function checkText(fields: Fields, key: string, prefix: string, report: Report): void {
  if (typeof fields[key] !== 'string') report(`${prefix}${key}`, 'must be a string');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
