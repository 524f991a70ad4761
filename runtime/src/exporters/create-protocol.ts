/** Protocols out of plain data, which the worker can be told. */
import { CaptureFlowServerProtocol } from './captureflow-server-protocol.ts';
import type { CaptureFlowServerSpec } from './captureflow-server-protocol.ts';
import { OtlpProtocol } from './otlp-protocol.ts';
import type { OtlpSpec } from './otlp-protocol.ts';
import type { Protocol } from '../shipping/protocol.ts';

/** Can be cloned. */
export type ProtocolSpec = OtlpSpec | CaptureFlowServerSpec;

/** `traceUrl`: where a trace can be seen, undefined for most. */
export function createProtocol(spec: ProtocolSpec, traceUrl: (traceId: string) => string | undefined): Protocol {
  return spec.kind === 'otlp' ? new OtlpProtocol(spec, traceUrl) : new CaptureFlowServerProtocol(spec);
}
