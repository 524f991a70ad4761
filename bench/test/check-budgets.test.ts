import { describe, expect, it } from 'vitest';
import { checkBudgets } from '../budgets/check-budgets.mjs';

const program = (title: string, ratio: number, addedNs: number, noise: number) => ({
  title,
  variants: [
    { variant: 'control', ratio: 1, nsPerCall: 10, addedNs: 0, interval: [1 - noise, 1 + noise] },
    { variant: 'off', ratio, nsPerCall: 10 * ratio, addedNs, interval: [ratio, ratio] },
  ],
});
const check = (figure: string, atMost: number, programs: readonly object[]) =>
  checkBudgets({ suites: { programs } }, { programs: [{ variant: 'off', figure, atMost }] })[0];

describe('a budget', () => {
  it('of the mean is the geometric mean over the programs', () => {
    expect(check('mean', 2, [program('a', 1, 0, 0), program('b', 4, 30, 0)])).toMatchObject({ value: 2, verdict: 'kept' });
  });

  it('of the worst is broken by one program', () => {
    expect(check('worst', 1.5, [program('a', 1, 0, 0), program('b', 1.6, 6, 0)])).toMatchObject({ value: 1.6, verdict: 'broken' });
  });

  it('of added time is the most nanoseconds a call', () => {
    expect(check('added', 5, [program('a', 1, 1, 0), program('b', 1.6, 6, 0)])).toMatchObject({ value: 6, verdict: 'broken' });
  });

  it('is not broken by less than plain differs from plain', () => {
    expect(check('worst', 1.5, [program('a', 1.6, 6, 0.2)])).toMatchObject({ verdict: 'kept within noise' });
    expect(check('worst', 1.5, [program('a', 1.8, 8, 0.2)])).toMatchObject({ verdict: 'broken' });
  });

  it('of what was not run is neither kept nor broken', () => {
    expect(checkBudgets({ suites: {} }, { server: [{ variant: 'off', figure: 'ratio', atMost: 1 }] })[0]).toMatchObject({
      verdict: 'not measured',
    });
  });

  it('of a single program reads its variants', () => {
    const server = [
      { variant: 'control', ratio: 1, interval: [1, 1], nsPerCall: 1, addedNs: 0 },
      { variant: 'off', ratio: 1.2, interval: [1.1, 1.3], nsPerCall: 1, addedNs: 0 },
    ];
    const [row] = checkBudgets({ suites: { server } }, { server: [{ variant: 'off', figure: 'ratio', atMost: 1.03 }] });
    expect(row).toMatchObject({ value: 1.2, verdict: 'broken' });
  });

  it('of another figure is that of the dearest case, and knows no noise', () => {
    const rows = (longestMs: number) => [
      { variant: 'control', ratio: 1, nsPerCall: 1, addedNs: 0, interval: [0, 9] },
      { variant: 'kept', longestMs },
    ];
    const delivery = [
      { title: 'small', variants: rows(2) },
      { title: 'large', variants: rows(7) },
    ];
    const judge = (atMost: number) =>
      checkBudgets({ suites: { delivery } }, { delivery: [{ variant: 'kept', figure: 'longestMs', atMost }] })[0];
    expect(judge(5)).toMatchObject({ value: 7, noise: 0, verdict: 'broken' });
    expect(judge(8)).toMatchObject({ verdict: 'kept' });
  });

  it('is not judged where plain differs from plain by more than the effect and than the budget', () => {
    expect(check('worst', 1.1, [program('a', 1.05, 1, 0.3)])).toMatchObject({ verdict: 'too noisy to tell' });
  });
});
