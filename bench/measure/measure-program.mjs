/** One program in all its variants: counts its calls, measures, compares. */
import { interleave } from 'captureflow/measure';
import { compare } from './compare.mjs';
import { OUTPUT } from './build-program.mjs';
import { runChild } from './run-child.mjs';

/** A name of `prepare/`, or the URL of a peer's module. */
const locate = (prepare) => (prepare.includes('/') ? prepare : new URL(`prepare/${prepare}.mjs`, import.meta.url).href);

/**
 * @param {{ title: string, files: Readonly<Record<string, string>>, node: string, rounds: number, ms: number, progress: (text: string) => void,
 *   variants: readonly { name: string, build: string, prepare: string, options?: object, flags?: readonly string[], cwd?: string }[] }} input `files` by build
 *   (`variants[].build`); the variants `plain` and `control` must be there, and one that counts calls
 * @returns the title, calls a batch, milliseconds of a batch, and what `compare` says of each variant
 */
export async function measureProgram({ title, files, variants, node, rounds, ms, progress }) {
  const measure = ({ build, prepare, options, flags, cwd = OUTPUT }) =>
    runChild({ node, file: files[build], prepare: locate(prepare), options, ms, flags, cwd });
  const samples = await interleave(variants, rounds, measure, (done, all) => progress(`${title}: ${done} of ${all} processes`));
  const calls = Math.max(...Object.values(samples).flatMap((of) => of.map((sample) => sample.calls)));
  if (!(calls > 0)) throw new Error(`${title}: no variant counted a call`);
  const whole = (sample) =>
    sample.nsPerCall === undefined ? sample : { ns: sample.nsPerCall * calls, cpu: sample.cpuPerCall * calls, bytes: Number.NaN };
  const compared = compare(Object.fromEntries(Object.entries(samples).map(([name, of]) => [name, of.map(whole)])), calls);
  return { title, calls, batchMs: (compared[0].nsPerCall * calls) / 1e6, variants: compared };
}
