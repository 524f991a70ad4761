/** What stands beside the lines of one call that has no line events: arguments, locals at the end and the outcome, on the lines they belong to. Pure. */
import type { FunctionInfo, NamedValue, Value } from '@captureflow/trace';
import type { SpanDetails } from '@captureflow/trace/view-file';

export interface ShownValue {
  readonly name: string;
  readonly value: Value;
}

export interface CallLines {
  /** By line. */
  readonly values: ReadonlyMap<number, readonly ShownValue[]>;
  /** Line of the outcome: of the return where it is known, else the last of the function; of a throw undefined where nothing tells. */
  readonly outcomeLine: number | undefined;
}

/** Arguments stand beside the head, locals beside the first line that declares them, else that names them. */
export function callLines(info: FunctionInfo, details: SpanDetails, sourceLine: (line: number) => string | undefined): CallLines {
  const values = new Map<number, ShownValue[]>();
  const add = (line: number, { name, value }: NamedValue): void => {
    const shown = values.get(line);
    if (shown === undefined) values.set(line, [{ name, value }]);
    else shown.push({ name, value });
  };
  for (const argument of details.args) add(info.line, argument);
  for (const local of details.locals ?? []) add(declarationOf(local.name, info, sourceLine), local);
  const { outcome } = details;
  const outcomeLine = outcome.kind === 'returned' ? (outcome.line ?? info.endLine) : outcome.kind === 'closed' ? info.endLine : undefined;
  return { values, outcomeLine };
}

/** An imported trace may name anything: what is no ordinary name stands in no source. */
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,200}$/u;

function declarationOf(name: string, { line, endLine }: FunctionInfo, sourceLine: (line: number) => string | undefined): number {
  if (!NAME.test(name)) return line;
  const word = new RegExp(`(?<![\\p{ID_Continue}$])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`, 'u');
  let named: number | undefined;
  for (let at = Math.max(line, 1); at <= endLine; at++) {
    const text = sourceLine(at);
    if (text === undefined) break;
    if (!word.test(text)) continue;
    if (/\b(?:const|let|var|using|catch|for)\b/.test(text)) return at;
    named ??= at;
  }
  return named ?? line;
}
