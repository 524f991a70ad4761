/** Timers that a shutdown can wait for. */
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;

export class DelayedWork {
  #pending = 0;

  /** Runs `work` once, `delay` ms from now. What it throws is its caller's to handle. */
  after(delay: number, work: () => void): void {
    this.#pending++;
    setTimeout(() => {
      this.#pending--;
      work();
    }, delay);
  }

  /** Resolves when nothing is pending. */
  async idle(): Promise<void> {
    while (this.#pending > 0) await sleep(POLL_MS);
  }
}
