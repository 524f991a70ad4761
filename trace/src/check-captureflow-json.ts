/**
 * The rules of the CaptureFlow server for a posted trace: its pydantic models, and what its call graph takes for granted. Numbers must be
 * numbers here, where pydantic would also take text that looks like one. Unknown keys and unknown kinds of events pass, as they do there.
 */

export interface CaptureFlowProblem {
  /** Of the value that is wrong, `execution_trace[3].caller_id`; `trace` for the whole. */
  readonly path: string;
  /** What it must be, and what it is. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The server answers 422. False: it takes the trace, and its call graph fails on it or shows something else later. */
  readonly refused: boolean;
}

/**
 * The server walks its graph of calls by recursion, and Python stops at 1,000 frames, those of the server itself included. A trace that is
 * nested deeper takes its whole report down.
 */
export const DEEPEST_CALL = 800;

type Fields = Readonly<Record<string, unknown>>;
type Rule = keyof typeof REMEDIES;
type Report = (rule: Rule, path: string, problem: string, refused?: boolean) => void;

const REMEDIES = {
  OBJECT: 'write an object here',
  LIST: 'write an array here, [] when there is nothing to say',
  TEXT: 'write a string here; "" is taken where there is nothing to say',
  TIME: 'write it as Python does: 2024-03-30T15:39:57.589404',
  ARGUMENTS: 'write {"args": [], "kwargs": {}}, parameters by name under kwargs',
  VALUE: 'write {"python_type": "<class \'int\'>", "json_serialized": "1"}',
  JSON_TEXT: 'put the JSON of the value into a string: "json_serialized": "[1]"',
  RETURN_VALUE:
    'write the value that the call will return, {"python_type": "<class \'NoneType\'>", "json_serialized": "null"} when it threw or did not end',
  OUTPUT: 'write {"result": …}, or leave output out when the endpoint threw',
  UUID: 'give every event a UUID of its own',
  INTEGER: 'write the line number as a JSON number without a fraction',
  CALLER: 'a call names the call that made it, or null; any other event names its own call',
  OWN_CALL: 'write the id of the call event of the same activation',
  ORDER: 'write events in order of time: a call stands before whatever it makes and before its own end',
  EXCEPTION: 'write {"type": "ValueError", "value": "message", "traceback": ["  File …"]}',
  RETURN_AFTER: 'add a return event of null with the same caller_id behind it',
  DEPTH: 'hang deeper calls under one that is less deep',
} as const;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$/;

/** Returns what is wrong with `value` as a trace for the server; an empty list when it would be taken and its call graph drawn. */
export function checkCaptureFlowJson(value: unknown): CaptureFlowProblem[] {
  const problems: CaptureFlowProblem[] = [];
  const report: Report = (rule, path, problem, refused = true) => void problems.push({ path, problem, remedy: REMEDIES[rule], refused });
  if (!isFields(value)) {
    report('OBJECT', 'trace', must('be an object', value));
    return problems;
  }
  checkText(value, 'invocation_id', '', report);
  checkTimestamp(value, '', report);
  checkText(value, 'endpoint', '', report);
  checkArguments(value['input'], 'input', report);
  const { output, call_stack: callStack, log_filename: logFilename, execution_trace: events } = value;
  if (output !== undefined && output !== null) {
    if (isFields(output)) checkSerialized(output['result'], 'output.result', 'OUTPUT', report);
    else report('OUTPUT', 'output', must('be an object', output));
  }
  if (callStack !== undefined) checkCallStack(callStack, report);
  if (logFilename !== undefined && logFilename !== null && typeof logFilename !== 'string') {
    report('TEXT', 'log_filename', must('be a string', logFilename));
  }
  if (Array.isArray(events)) checkEvents(events, report);
  else report('LIST', 'execution_trace', must('be an array', events));
  return problems;
}

function checkCallStack(callStack: unknown, report: Report): void {
  if (!Array.isArray(callStack)) {
    report('LIST', 'call_stack', must('be an array', callStack));
    return;
  }
  callStack.forEach((frame: unknown, index) => {
    if (!isFields(frame)) report('OBJECT', `call_stack[${index}]`, must('be an object', frame));
  });
}

/** What is known of the calls of a trace before its events are looked at one by one. */
interface Calls {
  /** Where each call stands. */
  readonly places: ReadonlyMap<unknown, number>;
  /** How deep, from 1 on; filled in as the calls are come by. */
  readonly depths: Map<unknown, number>;
}

function checkEvents(events: readonly unknown[], report: Report): void {
  const places = new Map<unknown, number>();
  const ids = new Set<unknown>();
  const lastReturns = new Map<unknown, number>();
  events.forEach((event, index) => {
    if (!isFields(event)) return;
    if (event['event'] === 'call' && !places.has(event['id'])) places.set(event['id'], index);
    else if (event['event'] === 'return') lastReturns.set(event['caller_id'], index);
  });
  const calls: Calls = { places, depths: new Map() };
  events.forEach((event, index) => {
    const path = `execution_trace[${index}]`;
    if (!isFields(event)) {
      report('OBJECT', path, must('be an object', event));
      return;
    }
    if (ids.has(event['id'])) report('UUID', `${path}.id`, 'must not occur twice', false);
    ids.add(event['id']);
    checkEvent(event, index, calls, report);
    // Events of concurrent calls can stand between an exception and its return.
    if (event['event'] === 'exception' && !((lastReturns.get(event['caller_id']) ?? -1) > index)) {
      report('RETURN_AFTER', path, 'must be followed by a return of the same call', false);
    }
  });
}

function checkEvent(event: Fields, index: number, calls: Calls, report: Report): void {
  const path = `execution_trace[${index}]`;
  const { id, line, event: kind, caller_id: callerId } = event;
  if (typeof id !== 'string' || !UUID.test(id)) report('UUID', `${path}.id`, must('be a UUID', id));
  checkTimestamp(event, `${path}.`, report);
  for (const key of ['event', 'function', 'file', 'source_line', 'tag']) checkText(event, key, `${path}.`, report);
  if (!Number.isInteger(line)) report('INTEGER', `${path}.line`, must('be an integer', line));
  checkCaller(event, index, calls, report);
  if (kind === 'call') {
    checkArguments(event['arguments'], `${path}.arguments`, report);
    checkSerialized(event['return_value'], `${path}.return_value`, 'RETURN_VALUE', report);
  } else if (kind === 'return') {
    checkSerialized(event['return_value'], `${path}.return_value`, 'RETURN_VALUE', report);
    if (typeof callerId !== 'string') report('OWN_CALL', `${path}.caller_id`, 'must be the id of the call that returns', false);
  } else if (kind === 'exception') {
    checkExceptionInfo(event['exception_info'], `${path}.exception_info`, report);
    if (typeof callerId !== 'string') report('OWN_CALL', `${path}.caller_id`, 'must be the id of the call that threw', false);
  }
}

/** The graph is built in the order of the events: an exception before its call is an error there, a call before its caller loses its edge. */
function checkCaller({ id, event: kind, caller_id: callerId }: Fields, index: number, calls: Calls, report: Report): void {
  const path = `execution_trace[${index}]`;
  if (callerId !== undefined && callerId !== null && typeof callerId !== 'string') {
    report('CALLER', `${path}.caller_id`, must('be a string or null', callerId));
    return;
  }
  if (typeof callerId === 'string') {
    const place = calls.places.get(callerId);
    if (place === undefined) report('CALLER', `${path}.caller_id`, must('be the id of a call in this trace', callerId), false);
    else if (place >= index)
      report('ORDER', `${path}.caller_id`, `must be the id of an earlier call, but that stands at execution_trace[${place}]`, false);
  }
  if (kind !== 'call') return;
  const depth = (calls.depths.get(callerId) ?? 0) + 1;
  calls.depths.set(id, depth);
  if (depth === DEEPEST_CALL + 1)
    report('DEPTH', path, `must not lie below more than ${DEEPEST_CALL - 1} calls: the server's call graph stops there`, false);
}

function checkExceptionInfo(info: unknown, path: string, report: Report): void {
  if (!isFields(info)) {
    report('EXCEPTION', path, must('be an object', info));
    return;
  }
  checkText(info, 'type', `${path}.`, report);
  checkText(info, 'value', `${path}.`, report);
  const { traceback } = info;
  if (!Array.isArray(traceback) || !traceback.every((frame) => typeof frame === 'string')) {
    report('EXCEPTION', `${path}.traceback`, 'must be an array of strings');
  }
}

function checkArguments(value: unknown, path: string, report: Report): void {
  if (!isFields(value)) {
    report('ARGUMENTS', path, must('be an object', value));
    return;
  }
  const { args, kwargs } = value;
  if (!Array.isArray(args)) report('ARGUMENTS', `${path}.args`, must('be an array', args));
  if (!isFields(kwargs)) {
    report('ARGUMENTS', `${path}.kwargs`, must('be an object', kwargs));
    return;
  }
  for (const [name, argument] of Object.entries(kwargs)) checkSerialized(argument, `${path}.kwargs.${name}`, 'VALUE', report);
}

function checkSerialized(value: unknown, path: string, rule: Rule, report: Report): void {
  if (!isFields(value)) {
    report(rule, path, must('be an object', value));
    return;
  }
  checkText(value, 'python_type', `${path}.`, report);
  if (typeof value['json_serialized'] !== 'string') {
    report('JSON_TEXT', `${path}.json_serialized`, must('be a string', value['json_serialized']));
  }
}

function checkTimestamp(fields: Fields, prefix: string, report: Report): void {
  const { timestamp } = fields;
  if (typeof timestamp !== 'string' || !TIMESTAMP.test(timestamp)) {
    report('TIME', `${prefix}timestamp`, must('be a local ISO time without zone', timestamp), typeof timestamp !== 'string');
  }
}

function checkText(fields: Fields, key: string, prefix: string, report: Report): void {
  if (typeof fields[key] !== 'string') report('TEXT', `${prefix}${key}`, must('be a string', fields[key]));
}

/** `must be a string, but is 5`, or `, but is missing`. */
function must(what: string, value: unknown): string {
  return `must ${what}, but ${value === undefined ? 'is missing' : `is ${show(value)}`}`;
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 50 ? `${text.slice(0, 50)}…` : text;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
