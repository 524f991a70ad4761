/** Work that goes on after the response. */

export interface Job {
  readonly id: number;
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly result?: unknown;
}

export class JobRunner {
  readonly #jobs = new Map<number, Job>();
  readonly #running = new Set<Promise<void>>();

  /** Starts `work` and returns at once. */
  start(name: string, work: () => Promise<unknown>): Job {
    const job: Job = { id: this.#jobs.size + 1, name, state: 'running' };
    this.#jobs.set(job.id, job);
    const run = this.#run(job, work).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return job;
  }

  async #run(job: Job, work: () => Promise<unknown>): Promise<void> {
    try {
      const result = await work();
      this.#jobs.set(job.id, { ...job, state: 'done', result });
    } catch (error) {
      this.#jobs.set(job.id, { ...job, state: 'failed', result: String(error) });
    }
  }

  find(id: number): Job | undefined {
    return this.#jobs.get(id);
  }

  /** Resolves when no job is running. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
