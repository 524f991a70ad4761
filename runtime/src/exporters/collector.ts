/** Traces to the local collector of the `captureflow` command, whole and unconverted. */
import type { Exporter } from '../exporter.ts';
import { text } from '../option-checks.ts';
import { checkShippingOptions, url, valuesOf } from '../shipping/check-shipping-options.ts';
import { CollectorProtocol } from './collector-protocol.ts';
import { createShipExporter } from '../shipping/ship-exporter.ts';
import type { ShippingOptions } from '../shipping/ship-exporter.ts';
import type { CollectorSpec } from './collector-protocol.ts';

export interface CollectorExporterOptions extends ShippingOptions {
  /** Address of `captureflow serve`. Default: `http://127.0.0.1:4319`. */
  readonly url?: string;
  /** Its token, which it asks for where it listens for other machines. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where `captureflow serve` listens when it is told nothing. */
const DEFAULT_URL = 'http://127.0.0.1:4319';

/** @throws {OptionsError} for an unknown key or a value that is none of its option's, naming the key. */
export function collectorExporter(options: CollectorExporterOptions = {}): Exporter {
  checkShippingOptions(options, { url, token: text, headers: valuesOf('string') });
  const spec: CollectorSpec = {
    kind: 'collector',
    url: `${(options.url ?? DEFAULT_URL).replace(/\/+$/, '')}/api/segments`,
    headers: {
      'content-type': 'application/octet-stream',
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
  };
  return createShipExporter('collector', spec, options, () => new CollectorProtocol(spec));
}
