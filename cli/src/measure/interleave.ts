/**
 * Variants of one program, measured in turn in fresh processes. Another order each round, because what runs first finds a cooler machine. Knows neither
 * what a variant is nor what a sample holds.
 */

export interface Lane {
  readonly name: string;
  /** Fewer rounds than the others have, for what takes minutes. Default: all. */
  readonly rounds?: number;
}

/** Returns the samples of each variant by its name, one a round. `onProgress` hears how many processes of how many are done. */
export async function interleave<V extends Lane, S>(
  variants: readonly V[],
  rounds: number,
  measure: (variant: V) => Promise<S>,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<Record<string, S[]>> {
  const samples: Record<string, S[]> = {};
  for (const { name } of variants) samples[name] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [k, variant] of rotate(variants, round).entries()) {
      if (round >= (variant.rounds ?? rounds)) continue;
      samples[variant.name]?.push(await measure(variant));
      onProgress(round * variants.length + k + 1, rounds * variants.length);
    }
  }
  return samples;
}

function rotate<V>(list: readonly V[], by: number): readonly V[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
