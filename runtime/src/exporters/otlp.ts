/** Traces to any OpenTelemetry backend: OTLP over HTTP, in JSON. */
import type { OtlpOptions } from '@captureflow/trace';
import type { Exporter } from '../exporter.ts';
import { readEnvironment } from '../environment.ts';
import { between, integer, ofType, share, text } from '../option-checks.ts';
import type { Check } from '../option-checks.ts';
import { checkShippingOptions, url, valuesOf } from '../shipping/check-shipping-options.ts';
import { OtlpProtocol } from './otlp-protocol.ts';
import { createShipExporter } from '../shipping/ship-exporter.ts';
import type { ShippingOptions } from '../shipping/ship-exporter.ts';
import type { OtlpSpec } from './otlp-protocol.ts';

export interface OtlpExporterOptions extends ShippingOptions, OtlpOptions {
  /** Where to POST. Default: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` and `/v1/traces`, or `http://localhost:4318/v1/traces`. */
  readonly endpoint?: string;
  /** Win over those of `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_EXPORTER_OTLP_TRACES_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>;
}

const OWN: Readonly<Record<Exclude<keyof OtlpExporterOptions, keyof ShippingOptions>, Check>> = {
  endpoint: url,
  headers: valuesOf('string'),
  maxSpans: integer(0, Number.MAX_SAFE_INTEGER),
  minDuration: between(0, Number.MAX_VALUE, 'a number of ms, 0 or more'),
  maxDepth: integer(0, Number.MAX_SAFE_INTEGER),
  keepErrors: ofType('boolean'),
  sampleRatio: share('with 0'),
  maxAttributeBytes: integer(64, Number.MAX_SAFE_INTEGER),
  maxEvents: integer(0, Number.MAX_SAFE_INTEGER),
  values: ofType('boolean'),
  traceUrl: ofType('function'),
  resource: valuesOf('string', 'number', 'boolean'),
  version: text,
};

/**
 * Options that are not given come from `OTEL_EXPORTER_OTLP_*` and `OTEL_RESOURCE_ATTRIBUTES`.
 * @throws {OptionsError} for an unknown key or a value that is none of its option's, naming the key.
 */
export function otlpExporter(options: OtlpExporterOptions = {}): Exporter {
  checkShippingOptions(options, OWN);
  const { otlp } = readEnvironment();
  const { endpoint = otlp.endpoint, timeoutMs = otlp.timeoutMs, compression = otlp.compression } = options;
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
  return createShipExporter(
    'otlp',
    spec,
    { ...options, timeoutMs, ...(compression === undefined ? {} : { compression }) },
    (urlOf) => new OtlpProtocol(spec, urlOf),
    traceUrl,
  );
}
