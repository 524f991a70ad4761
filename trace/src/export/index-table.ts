/** Numbers for things, each once, by a text that says what they are. */
export class IndexTable<T> {
  readonly list: T[] = [];
  private readonly indexes = new Map<string, number>();

  indexOf(key: string, make: () => T): number {
    let index = this.indexes.get(key);
    if (index === undefined) {
      index = this.list.push(make()) - 1;
      this.indexes.set(key, index);
    }
    return index;
  }
}
