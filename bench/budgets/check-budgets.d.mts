export interface Budget {
  readonly variant: string;
  readonly case?: string;
  readonly figure: string;
  readonly atMost: number;
  readonly goal?: number;
}

export interface Judgement {
  readonly suite: string;
  readonly variant: string;
  readonly figure: string;
  readonly value: number;
  readonly noise: number;
  readonly atMost: number;
  readonly goal: number | undefined;
  readonly verdict: 'kept' | 'kept within noise' | 'too noisy to tell' | 'broken' | 'not measured';
}

/** What `bench --json` wrote against budgets by suite. */
export declare function checkBudgets(
  report: { readonly suites: Readonly<Record<string, readonly object[]>> },
  budgets: Readonly<Record<string, readonly Budget[] | string>>,
): readonly Judgement[];
