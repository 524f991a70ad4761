/** What is measured: one program with its commands and budgets, and the variants that follow from them. */

export interface BenchProgram {
  readonly name: string;
  /** Words of the command that runs the instrumented program. */
  readonly command: readonly string[];
  /** Words of the command that runs it without instrumentation. Default: the same command with recording off. */
  readonly plain?: readonly string[];
  /** Plain is the command as it is; instrumented is the same through `@captureflow/hosts/register`. Default: false. */
  readonly register?: boolean;
  /** Environment beside the caller's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Times plain, in processor time, at most. */
  readonly budget: Budget;
}

export interface Budget {
  /** Instrumented, and recording as the program asks for it. */
  readonly on?: number;
  /** Instrumented, and recording off; needs a plain program. */
  readonly off?: number;
}

export interface Variant {
  readonly name: 'plain' | 'control' | 'off' | 'on';
  readonly title: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly register: boolean;
}

export function variantsOf({ command, plain, register = false, env = {} }: BenchProgram): readonly Variant[] {
  const off = { ...env, CAPTUREFLOW: 'off' };
  const on = { ...env, CAPTUREFLOW: 'on' };
  if (plain === undefined && !register) {
    return [
      { name: 'plain', title: 'recording off', command, env: off, register: false },
      { name: 'control', title: 'recording off, again (noise)', command, env: off, register: false },
      { name: 'on', title: 'recording', command, env: on, register: false },
    ];
  }
  const base = plain ?? command;
  return [
    { name: 'plain', title: 'plain', command: base, env: off, register: false },
    { name: 'control', title: 'plain, again (noise)', command: base, env: off, register: false },
    { name: 'off', title: 'instrumented, recording off', command, env: off, register },
    { name: 'on', title: 'recording', command, env: on, register },
  ];
}
