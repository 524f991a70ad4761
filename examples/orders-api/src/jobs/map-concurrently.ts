/** Bounded concurrency over a list. */

/** `mapper` over `items`, at most `width` at a time; results in the order of the items. Rejects with the first error. */
export async function mapConcurrently<In, Out>(items: readonly In[], width: number, mapper: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = new Array<Out>(items.length);
  const queue = items.entries();
  async function work(): Promise<void> {
    for (const [index, item] of queue) results[index] = await mapper(item);
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return results;
}
