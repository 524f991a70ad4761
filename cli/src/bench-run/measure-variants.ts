/** A program's variants, interleaved in fresh processes, compared with plain and judged. Knows no file and prints nothing. */
import { interleave } from '../measure/interleave.ts';
import { type BudgetVerdict, type EffectVerdict, type Interval, judgeBudget, judgeEffect, noiseOf } from '../measure/judge.ts';
import { interval, median } from '../measure/statistics.ts';
import { type BenchProgram, type Variant, variantsOf } from './bench-program.ts';
import { checkRecorded } from './check-recorded.ts';
import type { Sample } from './run-once.ts';

export interface VariantFigures {
  readonly variant: Variant['name'];
  readonly title: string;
  /** Medians of a run. */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly peakMb: number;
  /** Of instrumented functions, in the run that made most. */
  readonly calls: number;
  readonly spans: number;
  readonly instrumented: boolean;
  /** Times plain: the median over the rounds of the ratio in a round, and the 95 % bootstrap interval of that median. */
  readonly cpuRatio: number;
  readonly cpuInterval: Interval;
  readonly wallRatio: number;
  readonly wallInterval: Interval;
  readonly effect: EffectVerdict;
}

export interface JudgedBudget {
  readonly variant: 'on' | 'off';
  readonly value: number;
  readonly atMost: number;
  readonly noise: number;
  readonly verdict: BudgetVerdict;
}

export interface ProgramFigures {
  readonly name: string;
  readonly command: string;
  readonly node: string;
  readonly rounds: number;
  readonly variants: readonly VariantFigures[];
  readonly budgets: readonly JudgedBudget[];
  /** What makes the figures say less than they seem to; each a sentence. */
  readonly warnings: readonly string[];
}

/** `measure` runs a variant once. Before the first round each runs once uncounted, so that the file cache is warm for all. */
export async function measureVariants(
  program: BenchProgram,
  rounds: number,
  measure: (variant: Variant) => Promise<Sample>,
  onProgress: (done: number, all: number) => void,
): Promise<ProgramFigures> {
  const variants = variantsOf(program);
  for (const variant of variants) {
    if (variant.name === 'control') continue;
    const sample = await measure(variant);
    if (variant.name === 'on') checkRecorded(variant.command, sample);
  }
  const samples = await interleave(variants, rounds, measure, onProgress);
  const of = (name: string): readonly Sample[] => samples[name] ?? [];
  const ratios = (name: string, key: 'cpuMs' | 'wallMs'): readonly number[] =>
    of(name).map((sample, round) => sample[key] / (of('plain')[round]?.[key] ?? Number.NaN));
  const control = interval(ratios('control', 'cpuMs'));
  const figures = variants.map(({ name, title }): VariantFigures => {
    const processes = of(name).map((sample) => sample.processes);
    const most = (key: 'calls' | 'spans'): number => Math.max(...processes.map((all) => all.reduce((sum, one) => sum + one[key], 0)));
    const cpuRatio = median(ratios(name, 'cpuMs'));
    const cpuInterval = interval(ratios(name, 'cpuMs'));
    return {
      variant: name,
      title,
      cpuMs: median(of(name).map((sample) => sample.cpuMs)),
      wallMs: median(of(name).map((sample) => sample.wallMs)),
      peakMb: median(of(name).map((sample) => sample.peakMb)),
      calls: most('calls'),
      spans: most('spans'),
      instrumented: processes.flat().some((one) => one.instrumented),
      cpuRatio,
      cpuInterval,
      wallRatio: median(ratios(name, 'wallMs')),
      wallInterval: interval(ratios(name, 'wallMs')),
      effect: judgeEffect(cpuRatio, cpuInterval, control),
    };
  });
  return {
    name: program.name,
    command: program.command.join(' '),
    node: of('plain')[0]?.processes[0]?.node ?? '',
    rounds,
    variants: figures,
    budgets: judgeAll(program, figures, noiseOf(control)),
    warnings: warnings(program, figures),
  };
}

function judgeAll({ budget }: BenchProgram, figures: readonly VariantFigures[], noise: number): readonly JudgedBudget[] {
  return (['on', 'off'] as const).flatMap((variant) => {
    const atMost = budget[variant];
    const row = figures.find((one) => one.variant === variant);
    if (atMost === undefined || row === undefined) return [];
    const verdict = judgeBudget({ value: row.cpuRatio, low: row.cpuInterval[0], noise, atMost });
    return [{ variant, value: row.cpuRatio, atMost, noise, verdict }];
  });
}

/** A command that takes less is its own start, whatever is recorded. */
const SHORTEST_MS = 200;

function warnings({ plain, register }: BenchProgram, figures: readonly VariantFigures[]): readonly string[] {
  const [base] = figures;
  const all: string[] = [];
  if (plain !== undefined && base?.instrumented === true) {
    all.push('The plain program is instrumented itself: it loaded @captureflow/runtime. Its gates stand on both sides of the ratio.');
  }
  if (plain === undefined && register !== true) {
    all.push(
      'Plain is the same program with recording off, so that what its gates cost is on both sides. `--plain` with a build without CaptureFlow shows it.',
    );
  }
  if (register === true)
    all.push(
      'Instrumenting happens while the program loads and is in these figures; a program that is built instrumented does not pay for it.',
    );
  if (base !== undefined && base.cpuMs < SHORTEST_MS) {
    all.push(
      `The plain command takes ${base.cpuMs.toFixed(0)} ms of processor time, most of it Node's own start; give it work for half a second or more.`,
    );
  }
  return all;
}
