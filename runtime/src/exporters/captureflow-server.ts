/** Traces to CaptureFlow's server. */
import { builtin } from '../builtin.ts';
import type { Exporter } from '../exporter.ts';
import { text } from '../option-checks.ts';
import { OptionsError } from '../option-errors.ts';
import { checkShippingOptions, url, valuesOf } from '../shipping/check-shipping-options.ts';
import { CaptureFlowServerProtocol } from './captureflow-server-protocol.ts';
import { createShipExporter } from '../shipping/ship-exporter.ts';
import type { ShippingOptions } from '../shipping/ship-exporter.ts';
import type { CaptureFlowServerSpec } from './captureflow-server-protocol.ts';

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
 * @throws {OptionsError} for an unknown key, a value that is none of its option's, or one of the two that are needed, naming the key.
 */
export function captureFlowServerExporter(options: CaptureFlowServerExporterOptions): Exporter {
  checkShippingOptions(options, { url, repositoryUrl: text, headers: valuesOf('string'), root: text });
  for (const key of ['url', 'repositoryUrl'] as const) {
    if (options[key] === undefined) throw new OptionsError('OPTION_TYPE', key, 'is needed');
  }
  const spec: CaptureFlowServerSpec = {
    kind: 'captureflow-server',
    url: `${options.url.replace(/\/+$/, '')}/api/v1/traces?repository-url=${encodeURIComponent(options.repositoryUrl)}`,
    headers: { 'content-type': 'application/json', ...options.headers },
    root: builtin('node:path')?.resolve(options.root ?? '.') ?? '.',
  };
  // The server does not unpack what it gets.
  return createShipExporter('captureflow-server', spec, { compression: 'none', ...options }, () => new CaptureFlowServerProtocol(spec));
}
