/** Traces in the CaptureFlow server's JSON, for its writer, its rules and the command that checks files. */
import { buildTrace, toCaptureFlowJson } from '../src/index.ts';
import type { CaptureFlowTrace, Value } from '../src/index.ts';
import { functions, StreamBuilder, toModel } from './stream-builder.ts';

/** A call that returned, with one below it. */
export function sample(): CaptureFlowTrace {
  const s = new StreamBuilder().time(100);
  const a = s.enterAt(0, 0, 'TOP', 'first', 2);
  s.exit(s.enter(1, 7), toModel(null)).exit(a, { kind: 'array', id: 1, className: 'Array', size: 1, items: [toModel(1)] });
  return toCaptureFlowJson(
    buildTrace([
      s.segment({
        functions: functions(
          { name: 'Api.get', line: 3, parameters: ['args', 'limit'] },
          { name: 'load', line: 5, endLine: 8, parameters: ['id'] },
        ),
      }),
    ]),
  );
}

/** An error that came up in `inner` and went on through `outer`. */
export function thrown(): CaptureFlowTrace {
  const error: Value = { kind: 'error', id: 1, className: 'RangeError', message: 'too far', entries: [] };
  const s = new StreamBuilder().time(100);
  const a = s.enterAt(0, 0, 'TOP');
  s.throw(s.enter(1), 0, 1, error).throw(a, 0, 1, 'same');
  const trace = buildTrace([s.segment({ functions: functions({ name: 'outer', line: 3 }, { name: 'inner', line: 5 }) })]);
  return toCaptureFlowJson(trace, { sourceLine: (module, line) => `  // ${module} ${line}` });
}
