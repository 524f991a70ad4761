/**
 * What the samples of a variant say beside those of `plain`, and how far to trust it. A control (plain against plain) shows the noise:
 * what lies within its interval is no effect.
 */
import { interval, judgeEffect, median } from 'captureflow/measure';

/**
 * @param {Readonly<Record<string, readonly { ns: number, cpu: number, bytes: number }[]>>} samples of one program, `plain` and `control` among them
 * @param {number} calls of instrumented functions in a batch
 * @returns {readonly { variant: string, nsPerCall: number, addedNs: number, ratio: number, interval: [number, number], cpuRatio: number, bytesPerCall: number,
 *   addedBytes: number, verdict: 'slower' | 'faster' | 'within noise' | 'too noisy to tell' }[]} ratios are medians of those of each round, with the 95 % bootstrap
 *   interval of the median; `added…` a call
 */
export function compare(samples, calls) {
  const { plain } = samples;
  const ratiosOf = (variant, key) => samples[variant].map((sample, round) => sample[key] / plain[round][key]);
  const noise = interval(ratiosOf('control', 'ns'));
  return Object.keys(samples).map((variant) => {
    const ratios = ratiosOf(variant, 'ns');
    const bounds = interval(ratios);
    return {
      variant,
      nsPerCall: median(samples[variant].map(({ ns }) => ns)) / calls,
      addedNs: median(samples[variant].map(({ ns }, round) => ns - plain[round].ns)) / calls,
      ratio: median(ratios),
      interval: bounds,
      cpuRatio: median(ratiosOf(variant, 'cpu')),
      bytesPerCall: median(samples[variant].map(({ bytes }) => bytes)) / calls,
      addedBytes: median(samples[variant].map(({ bytes }, round) => bytes - plain[round].bytes)) / calls,
      verdict: judgeEffect(median(ratios), bounds, noise),
    };
  });
}
