/** Traces to any OpenTelemetry backend: OTLP over HTTP, in JSON. */
import type { OtlpOptions } from '@captureflow/trace';
import type { Exporter } from '../exporter.ts';
import { readEnvironment } from '../environment.ts';
import { checkUrl } from '../shipping/check-url.ts';
import { createShipExporter } from '../shipping/ship-exporter.ts';
import type { ShippingOptions } from '../shipping/ship-exporter.ts';
import type { OtlpSpec } from './otlp-protocol.ts';

export interface OtlpExporterOptions extends ShippingOptions, OtlpOptions {
  /** Where to POST. Default: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` and `/v1/traces`, or `http://localhost:4318/v1/traces`. */
  readonly endpoint?: string;
  /** Win over those of `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_EXPORTER_OTLP_TRACES_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Options that are not given come from `OTEL_EXPORTER_OTLP_*` and `OTEL_RESOURCE_ATTRIBUTES`.
 * @throws {OptionsError} for an endpoint that is no http or https URL.
 */
export function otlpExporter(options: OtlpExporterOptions = {}): Exporter {
  const { otlp } = readEnvironment();
  const { endpoint = otlp.endpoint, timeoutMs = otlp.timeoutMs, compression = otlp.compression } = options;
  checkUrl(endpoint, 'endpoint');
  const { maxSpans, minDuration, maxDepth, keepErrors, sampleRatio, maxAttributeBytes, maxEvents, values, version, traceUrl } = options;
  const given = { maxSpans, minDuration, maxDepth, keepErrors, sampleRatio, maxAttributeBytes, maxEvents, values, version };
  const spec: OtlpSpec = {
    kind: 'otlp',
    url: endpoint,
    headers: { 'content-type': 'application/json', ...otlp.headers, ...options.headers },
    options: {
      ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as OtlpSpec['options']),
      resource: { ...otlp.resource, ...options.resource },
    },
  };
  return createShipExporter('otlp', spec, { ...options, timeoutMs, compression }, traceUrl);
}
