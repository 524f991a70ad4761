/** `onTrace`: listeners that get whole traces. Traces are built only while somebody listens. */
import type { Trace } from '@captureflow/trace';
import type { ExportBatch, Exporter } from './exporter.ts';
import { TraceAssembler } from './exporters/trace-assembler.ts';

export class TraceListeners implements Exporter {
  readonly name: string = 'onTrace';
  errors: number = 0;
  readonly #listeners: Set<(trace: Trace) => unknown> = new Set();
  #assembler: TraceAssembler = new TraceAssembler();

  /** Returns what takes the listener away again. */
  add(listener: (trace: Trace) => void): () => void {
    // A wrapper each, so that the same function added twice is called twice and removed once.
    const entry = (trace: Trace): unknown => listener(trace);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
      if (this.#listeners.size === 0) this.#assembler = new TraceAssembler();
    };
  }

  export(batch: ExportBatch): void {
    if (this.#listeners.size === 0) return;
    for (const trace of this.#assembler.add(batch.segments)) {
      for (const listener of this.#listeners) {
        try {
          const result: unknown = listener(trace);
          // An async listener's rejection must not become the program's unhandled one.
          if (result instanceof Promise) result.catch(() => void this.errors++);
        } catch {
          this.errors++;
        }
      }
    }
  }

  flush(): void {}

  shutdown(): void {}
}
