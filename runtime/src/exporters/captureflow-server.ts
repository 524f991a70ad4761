/** Traces to CaptureFlow's server: one POST a trace, in its own JSON. */
import { plainJson, toCaptureFlowJson } from '@captureflow/trace';
import { builtin } from '../builtin.ts';
import type { EncodedSegment, Exporter } from '../exporter.ts';
import { checkUrl } from '../shipping/check-url.ts';
import { createShipExporter } from '../shipping/ship-exporter.ts';
import type { ShippingOptions } from '../shipping/ship-exporter.ts';
import type { Parcel, Protocol } from '../shipping/shipper.ts';
import { sourceLines } from './source-lines.ts';
import { TraceAssembler } from './trace-assembler.ts';

export interface CaptureFlowServerExporterOptions extends ShippingOptions {
  /** Base of the server, for example `http://127.0.0.1:8000`. */
  readonly url: string;
  /** The repository under which the server files the traces. */
  readonly repositoryUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Folder that module paths start from, to read source lines. Default: the working directory at the time of the call. */
  readonly root?: string;
}

/**
 * A trace with late work is sent again, whole; the server keeps the last.
 * @throws {OptionsError} for a `url` that is no http or https URL.
 */
export function captureFlowServerExporter(options: CaptureFlowServerExporterOptions): Exporter {
  checkUrl(options.url, 'url');
  const assembler = new TraceAssembler();
  const sourceLine = sourceLines(builtin('node:path')?.resolve(options.root ?? '.') ?? '.');
  const url = `${options.url.replace(/\/+$/, '')}/api/v1/traces?repository-url=${encodeURIComponent(options.repositoryUrl)}`;
  const protocol: Protocol = {
    name: 'captureflow-server',
    headers: { 'content-type': 'application/json', ...options.headers },
    parcels(segments: readonly EncodedSegment[]): Parcel[] {
      const waiting = new Set(segments);
      return assembler.add(segments).map((trace) => {
        const own = [...waiting].filter(({ traceId }) => traceId === trace.traceId);
        for (const segment of own) waiting.delete(segment);
        const body = new TextEncoder().encode(plainJson(toCaptureFlowJson(trace, { sourceLine })));
        return { url, body, segments: own };
      });
    },
  };
  // The server does not unpack what it gets.
  return createShipExporter(protocol, { compression: 'none', ...options });
}
