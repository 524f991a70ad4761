/**
 * The code that functions at one nesting depth share letter by letter, made once a file: most of what a plan says is the same for
 * every function. Spelling only; which of it a function gets is decided in plan-function.ts.
 */
import type { InjectedNames } from './injected-names.ts';
import type { Code } from './plan.ts';
import { MAX_PROBE_VALUES } from './probe-abi.ts';

/** What says how a function leaves: it does (`exit`, `thrown`), or this is its outcome so far (`hold`, `caught`). */
export interface OutcomeTexts {
  /** `R.exit(S)` */
  readonly nothing: Code;
  /** `R.exit(S,V)` */
  readonly value: Code;
  /** `R.thrown(S,E)`, and with the position. */
  readonly error: string;
  readonly errorAtPosition: string;
  /** `throw S?R.thrown(S,E):E;` */
  readonly handler: Code;
  /** `S&&R.exit(S);` */
  readonly end: Code;
  /** `(V=…,S&&R.exit(S,V),V)` around an expression. */
  readonly wrap: Code;
}

export interface FrameTexts {
  /** `S` */
  readonly token: string;
  /** `V` */
  readonly value: string;
  /** `S&&` */
  readonly guard: string;
  /** Index n: `R.entern(M(` */
  readonly enter: readonly string[];
  /** Index n: `R.valuesN(S,` */
  readonly values: readonly string[];
  readonly direct: OutcomeTexts;
  readonly held: OutcomeTexts;
}

export function createFrameTexts(names: InjectedNames): (depth: number) => FrameTexts {
  const made: FrameTexts[] = [];
  return (depth) => (made[depth] ??= makeTexts(names, names.token(depth), names.value(depth)));
}

function makeTexts({ runtime: R, module: M, error: E, position: P }: InjectedNames, token: string, value: string): FrameTexts {
  const outcome = (leave: string, fail: string): OutcomeTexts => {
    const nothing = `${R}.${leave}(${token})`;
    const left = `${R}.${leave}(${token},${value})`;
    const error = `${R}.${fail}(${token},${E})`;
    return {
      nothing: [nothing],
      value: [left],
      error,
      errorAtPosition: `${R}.${fail}(${token},${E},${P})`,
      handler: [`throw ${token}?`, error, `:${E};`],
      end: [`${token}&&`, nothing, ';'],
      wrap: [`(${value}=`, { hole: 'expression' }, `,${token}&&`, left, `,${value})`],
    };
  };
  return {
    token,
    value,
    guard: `${token}&&`,
    enter: Array.from({ length: MAX_PROBE_VALUES + 1 }, (_, count) => `${R}.enter${count}(${M}(`),
    values: Array.from({ length: MAX_PROBE_VALUES + 1 }, (_, count) => `${R}.values${count}(${token},`),
    direct: outcome('exit', 'thrown'),
    held: outcome('hold', 'caught'),
  };
}
