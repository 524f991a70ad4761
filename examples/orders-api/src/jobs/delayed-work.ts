/** Timers that a shutdown can wait for. */

export class DelayedWork {
  readonly #pending = new Set<Promise<void>>();

  /** Runs `work` once, `delay` ms from now. An error of `work` is its caller's to handle. */
  after(delay: number, work: () => void): void {
    const done = new Promise<void>((resolve) => {
      setTimeout(() => {
        try {
          work();
        } finally {
          this.#pending.delete(done);
          resolve();
        }
      }, delay);
    });
    this.#pending.add(done);
  }

  /** Resolves when nothing is pending. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }
}
