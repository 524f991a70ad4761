import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkCaptureFlowJson } from '../src/index.ts';
import type { CaptureFlowEvent, CaptureFlowTrace } from '../src/index.ts';
import { DEEPEST_CALL } from '../src/check-captureflow-json.ts';
import { sample, thrown } from './captureflow-samples.ts';

/** The traces that Python's client recorded lie beside the checkout, not in it: their licence is another one. */
const ASSETS = new URL('../../../shared/assets/captureflow/', import.meta.url);
const ASSET_FILES = ['sample_trace.json', 'sample_trace_with_exception.json'];

function linesOf(json: unknown): string[] {
  return checkCaptureFlowJson(json).map(({ path, problem }) => `${path}: ${problem}`);
}

describe('checkCaptureFlowJson', () => {
  const isThere = (file: string): boolean => existsSync(fileURLToPath(new URL(file, ASSETS)));
  it.each(ASSET_FILES.filter(isThere))('takes %s, which the server took', (file) => {
    expect(checkCaptureFlowJson(JSON.parse(readFileSync(new URL(file, ASSETS), 'utf8')))).toEqual([]);
  });

  it.each(ASSET_FILES.filter((file) => !isThere(file)))('is not asked about %s: beside this checkout there is no shared/assets', (file) => {
    expect(isThere(file)).toBe(false);
  });

  type Loose = { [key: string]: Loose };
  const broken: [string, string, (json: Loose) => void][] = [
    ['an invocation id that is no text', 'invocation_id: must be a string, but is 5', (json) => Object.assign(json, { invocation_id: 5 })],
    ['no endpoint', 'endpoint: must be a string, but is missing', (json) => delete json['endpoint']],
    [
      'a time with zone',
      'timestamp: must be a local ISO time without zone, but is "2024-03-30T15:39:57.589Z"',
      (json) => Object.assign(json, { timestamp: '2024-03-30T15:39:57.589Z' }),
    ],
    ['no input', 'input: must be an object, but is missing', (json) => delete json['input']],
    [
      'arguments that are no list',
      'input.args: must be an array, but is an object',
      (json) => Object.assign(json['input'] as Loose, { args: {} }),
    ],
    [
      'keyword arguments that are a list',
      'input.kwargs: must be an object, but is an array',
      (json) => Object.assign(json['input'] as Loose, { kwargs: [] }),
    ],
    [
      'a bare value',
      'input.kwargs.limit: must be an object, but is 2',
      (json) => Object.assign(json['input']?.['kwargs'] as Loose, { limit: 2 }),
    ],
    [
      'json_serialized as JSON',
      'input.kwargs.limit.json_serialized: must be a string, but is 2',
      (json) => Object.assign(json['input']?.['kwargs']?.['limit'] as Loose, { json_serialized: 2 }),
    ],
    ['output without result', 'output.result: must be an object, but is missing', (json) => Object.assign(json, { output: {} })],
    ['output that is no object', 'output: must be an object, but is "x"', (json) => Object.assign(json, { output: 'x' })],
    ['a call stack that is no list', 'call_stack: must be an array, but is an object', (json) => Object.assign(json, { call_stack: {} })],
    ['a log file name that is no text', 'log_filename: must be a string, but is 1', (json) => Object.assign(json, { log_filename: 1 })],
    ['no execution trace', 'execution_trace: must be an array, but is missing', (json) => delete json['execution_trace']],
    [
      'an event that is no object',
      'execution_trace[0]: must be an object, but is null',
      (json) => Object.assign(json['execution_trace'] as Loose, { 0: null }),
    ],
    [
      'an id that is no UUID',
      'execution_trace[3].id: must be a UUID, but is "x"',
      (json) => Object.assign(json['execution_trace']?.[3] as Loose, { id: 'x' }),
    ],
    [
      'an id twice',
      'execution_trace[3].id: must not occur twice',
      (json) => Object.assign(json['execution_trace']?.[3] as Loose, { id: json['execution_trace']?.[0]?.['id'] }),
    ],
    [
      'a line as text',
      'execution_trace[0].line: must be an integer, but is "1"',
      (json) => Object.assign(json['execution_trace']?.[0] as Loose, { line: '1' }),
    ],
    [
      'no source line',
      'execution_trace[0].source_line: must be a string, but is missing',
      (json) => delete json['execution_trace']?.[0]?.['source_line'],
    ],
    ['no tag', 'execution_trace[0].tag: must be a string, but is missing', (json) => delete json['execution_trace']?.[0]?.['tag']],
    [
      'a caller id that is no text',
      'execution_trace[1].caller_id: must be a string or null, but is 1',
      (json) => Object.assign(json['execution_trace']?.[1] as Loose, { caller_id: 1 }),
    ],
    [
      'a caller that is no call',
      'execution_trace[1].caller_id: must be the id of a call in this trace, but is "x"',
      (json) => Object.assign(json['execution_trace']?.[1] as Loose, { caller_id: 'x' }),
    ],
    [
      'a call before the call that made it',
      'execution_trace[0].caller_id: must be the id of an earlier call, but that stands at execution_trace[1]',
      (json) => (json['execution_trace'] as unknown as Loose[]).splice(0, 2, ...[1, 0].map((i) => json['execution_trace']?.[i] as Loose)),
    ],
    [
      'a call that made itself',
      'execution_trace[0].caller_id: must be the id of an earlier call, but that stands at execution_trace[0]',
      (json) => Object.assign(json['execution_trace']?.[0] as Loose, { caller_id: json['execution_trace']?.[0]?.['id'] }),
    ],
    [
      'a call without return value',
      'execution_trace[0].return_value: must be an object, but is missing',
      (json) => delete json['execution_trace']?.[0]?.['return_value'],
    ],
    [
      'a call without arguments',
      'execution_trace[0].arguments: must be an object, but is missing',
      (json) => delete json['execution_trace']?.[0]?.['arguments'],
    ],
    [
      'a return without caller',
      'execution_trace[2].caller_id: must be the id of the call that returns',
      (json) => Object.assign(json['execution_trace']?.[2] as Loose, { caller_id: null }),
    ],
    [
      'a return without value',
      'execution_trace[2].return_value: must be an object, but is missing',
      (json) => delete json['execution_trace']?.[2]?.['return_value'],
    ],
  ];
  it.each(broken)('refuses %s', (_, problem, breakIt) => {
    const json = JSON.parse(JSON.stringify(sample())) as Loose;
    breakIt(json);
    expect(linesOf(json)).toContain(problem);
  });

  const brokenExceptions: [string, string, (event: Loose, events: Loose[]) => void][] = [
    [
      'without information',
      'execution_trace[2].exception_info: must be an object, but is missing',
      (event) => delete event['exception_info'],
    ],
    [
      'without type',
      'execution_trace[2].exception_info.type: must be a string, but is missing',
      (event) => delete event['exception_info']?.['type'],
    ],
    [
      'without traceback',
      'execution_trace[2].exception_info.traceback: must be an array of strings',
      (event) => delete event['exception_info']?.['traceback'],
    ],
    ['without call', 'execution_trace[2].caller_id: must be the id of the call that threw', (event) => delete event['caller_id']],
    [
      'that stands before its call',
      'execution_trace[1].caller_id: must be the id of an earlier call, but that stands at execution_trace[2]',
      (event, events) => events.splice(1, 2, event, events[1] as Loose),
    ],
    ['that no return follows', 'execution_trace[2]: must be followed by a return of the same call', (_, events) => events.splice(3, 1)],
  ];
  it.each(brokenExceptions)('refuses an exception %s', (_, problem, breakIt) => {
    const json = JSON.parse(JSON.stringify(thrown())) as { execution_trace: Loose[] };
    breakIt(json.execution_trace[2] as Loose, json.execution_trace);
    expect(linesOf(json)).toContain(problem);
  });

  it.each([
    [null, 'null'],
    [[], 'an array'],
    ['text', '"text"'],
    [5, '5'],
  ])('refuses %j as a whole', (value, shown) => {
    expect(linesOf(value)).toEqual([`trace: must be an object, but is ${shown}`]);
  });

  it('says with each problem what to do', () => {
    const json = JSON.parse(JSON.stringify(sample())) as Loose;
    Object.assign(json, { timestamp: 5, call_stack: [1], endpoint: 'x'.repeat(80) });
    Object.assign(json['input'] as Loose, { kwargs: 'x'.repeat(80) });
    expect(checkCaptureFlowJson(json)).toEqual([
      {
        path: 'timestamp',
        problem: 'must be a local ISO time without zone, but is 5',
        remedy: 'write it as Python does: 2024-03-30T15:39:57.589404',
        refused: true,
      },
      {
        path: 'input.kwargs',
        problem: `must be an object, but is "${'x'.repeat(49)}…`,
        remedy: 'write {"args": [], "kwargs": {}}, parameters by name under kwargs',
        refused: true,
      },
      { path: 'call_stack[0]', problem: 'must be an object, but is 1', remedy: 'write an object here', refused: true },
    ]);
  });

  it('takes calls as deep as the call graph goes, and names the first that is deeper', () => {
    const nested = (depth: number): CaptureFlowTrace => {
      const json = sample();
      const [call, , , end] = json.execution_trace;
      const idOf = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
      const calls = Array.from({ length: depth }, (_, i) => ({ ...call, id: idOf(i), caller_id: i === 0 ? null : idOf(i - 1) }));
      return { ...json, execution_trace: [...calls, { ...end, caller_id: idOf(0) }] as CaptureFlowEvent[] };
    };
    expect(linesOf(nested(DEEPEST_CALL))).toEqual([]);
    expect(linesOf(nested(DEEPEST_CALL + 2))).toEqual([
      "execution_trace[800]: must not lie below more than 799 calls: the server's call graph stops there",
    ]);
  });

  it('takes kinds of events it does not know, as the server does', () => {
    const json = JSON.parse(JSON.stringify(sample())) as { execution_trace: object[] };
    json.execution_trace.push({
      ...json.execution_trace[2],
      event: 'line',
      id: '29328a67-c7f8-4b4a-87c4-a2869de352a9',
      return_value: undefined,
    });
    expect(checkCaptureFlowJson(json)).toEqual([]);
  });
});
