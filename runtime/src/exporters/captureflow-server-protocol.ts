/** CaptureFlow's server: one POST a trace, in its own JSON. A trace with late work is sent again, whole; the server keeps the last. */
import { plainJson, toCaptureFlowJson } from '@captureflow/trace';
import type { EncodedSegment } from '../exporter.ts';
import type { Parcel, Protocol } from '../shipping/protocol.ts';
import { sourceLines } from './source-lines.ts';
import { TraceAssembler } from './trace-assembler.ts';

/** Can be cloned. */
export interface CaptureFlowServerSpec {
  readonly kind: 'captureflow-server';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absolute folder that module paths start from. */
  readonly root: string;
}

export class CaptureFlowServerProtocol implements Protocol {
  readonly name: string = 'captureflow-server';
  readonly headers: Readonly<Record<string, string>>;
  readonly #url: string;
  readonly #sourceLine: (module: string, line: number) => string;
  readonly #assembler: TraceAssembler = new TraceAssembler();

  constructor({ url, headers, root }: CaptureFlowServerSpec) {
    this.#url = url;
    this.headers = headers;
    this.#sourceLine = sourceLines(root);
  }

  parcels(segments: readonly EncodedSegment[]): Parcel[] {
    const waiting = new Set(segments);
    return this.#assembler.add(segments).map((trace) => {
      const own = [...waiting].filter(({ traceId }) => traceId === trace.traceId);
      for (const segment of own) waiting.delete(segment);
      const body = new TextEncoder().encode(plainJson(toCaptureFlowJson(trace, { sourceLine: this.#sourceLine })));
      return { url: this.#url, body, segments: own };
    });
  }
}
