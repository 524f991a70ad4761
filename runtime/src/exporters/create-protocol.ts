/** Protocols out of plain data, which the worker can be told. For the worker only: elsewhere an exporter brings its own protocol, and a program that does not use the others is not to carry them. */
import { CaptureFlowServerProtocol } from './captureflow-server-protocol.ts';
import type { CaptureFlowServerSpec } from './captureflow-server-protocol.ts';
import { CollectorProtocol } from './collector-protocol.ts';
import type { CollectorSpec } from './collector-protocol.ts';
import { OtlpProtocol } from './otlp-protocol.ts';
import type { OtlpSpec } from './otlp-protocol.ts';
import type { Protocol } from '../shipping/protocol.ts';

/** Can be cloned. */
export type ProtocolSpec = OtlpSpec | CaptureFlowServerSpec | CollectorSpec;

/** `traceUrl`: where a trace can be seen, undefined for most. */
export function createProtocol(spec: ProtocolSpec, traceUrl: (traceId: string) => string | undefined): Protocol {
  switch (spec.kind) {
    case 'otlp':
      return new OtlpProtocol(spec, traceUrl);
    case 'captureflow-server':
      return new CaptureFlowServerProtocol(spec);
    case 'collector':
      return new CollectorProtocol(spec);
  }
}
