/**
 * Variants of one program, measured in turn in fresh processes: `{ [variant]: [sample of round 0, …] }`. Another order each round, because what runs
 * first finds a cooler machine. A variant's own `rounds` (default: all) spares what takes minutes from being repeated.
 */
export async function interleave(variants, rounds, measure, onProgress = () => {}) {
  const samples = Object.fromEntries(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (let k = 0; k < variants.length; k++) {
      const variant = variants[(k + round * 3) % variants.length];
      if (round >= (variant.rounds ?? rounds)) continue;
      samples[variant.name].push(await measure(variant));
      onProgress(round * variants.length + k + 1, rounds * variants.length);
    }
  return samples;
}
