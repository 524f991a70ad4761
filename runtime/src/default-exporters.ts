/** Where traces go when `start` is told nothing: a file, and what the environment asks for. */
import type { Environment } from './environment.ts';
import type { Exporter } from './exporter.ts';
import { captureFlowJsonExporter } from './exporters/captureflow-json.ts';
import { captureFlowServerExporter } from './exporters/captureflow-server.ts';
import { collectorExporter } from './exporters/collector.ts';
import { consoleExporter } from './exporters/console.ts';
import { fileExporter } from './exporters/file.ts';
import { otlpExporter } from './exporters/otlp.ts';
import type { StartOptions } from './options.ts';
import { warnOnce } from './warn.ts';

export function defaultExporters(options: StartOptions, environment: Environment): Exporter[] {
  const { serverUrl, repositoryUrl, collectorUrl } = environment;
  if (serverUrl !== undefined && repositoryUrl === undefined) {
    warnOnce('server', 'CAPTUREFLOW_SERVER_URL needs CAPTUREFLOW_REPOSITORY_URL beside it; no traces are sent there');
  }
  const spillDir = `${options.dir ?? '.captureflow'}/unsent`;
  return [
    ...(environment.hasFiles ? [fileExporter({ dir: options.dir ?? '.captureflow' })] : []),
    ...(environment.hasFiles && environment.devServer ? [captureFlowJsonExporter()] : []),
    ...(environment.hasFiles && environment.console ? [consoleExporter({ color: environment.color })] : []),
    ...(serverUrl === undefined || repositoryUrl === undefined
      ? []
      : [captureFlowServerExporter({ url: serverUrl, repositoryUrl, spillDir })]),
    ...(collectorUrl === undefined ? [] : [collectorExporter({ url: collectorUrl, spillDir })]),
    ...(environment.sendsOtlp ? [otlpExporter({ spillDir })] : []),
  ];
}
