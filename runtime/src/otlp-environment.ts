/** OpenTelemetry's variables for sending traces, as its specification reads them. A bad value is one warning and the default. */
import { warnOnce } from './warn.ts';

export interface OtlpEnvironment {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Undefined: nothing is said. */
  readonly compression: 'gzip' | 'none' | undefined;
  /** `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resource: Readonly<Record<string, string>>;
}

type Read = (name: string) => string | undefined;

const DEFAULT_ENDPOINT = 'http://localhost:4318';
const DEFAULT_TIMEOUT_MS = 10_000;

/** `read` gives a variable's trimmed value, undefined when it is empty. */
export function readOtlpEnvironment(read: Read): OtlpEnvironment {
  const either = (name: string): string | undefined => read(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? read(`OTEL_EXPORTER_OTLP_${name}`);
  return {
    endpoint: readEndpoint(read),
    headers: { ...readPairs(read, 'OTEL_EXPORTER_OTLP_HEADERS'), ...readPairs(read, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS') },
    timeoutMs: readTimeout(either('TIMEOUT')),
    compression: readCompression(either('COMPRESSION')),
    resource: readPairs(read, 'OTEL_RESOURCE_ATTRIBUTES'),
  };
}

/** The variable for traces is the whole URL; the general one is a base. */
function readEndpoint(read: Read): string {
  const whole = read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (whole !== undefined && isHttp('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', whole)) return whole;
  const base = read('OTEL_EXPORTER_OTLP_ENDPOINT');
  const used = base !== undefined && isHttp('OTEL_EXPORTER_OTLP_ENDPOINT', base) ? base : DEFAULT_ENDPOINT;
  return `${used.replace(/\/+$/, '')}/v1/traces`;
}

function isHttp(name: string, value: string): boolean {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return true;
  warnOnce(`env:${name}`, `${name} is not an http or https URL; ignored`);
  return false;
}

/** `key=value,key2=value2`, percent-encoded. The value is not shown in warnings: headers are secrets. */
function readPairs(read: Read, name: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const item of (read(name) ?? '').split(',')) {
    if (item.trim() === '') continue;
    const at = item.indexOf('=');
    const key = item.slice(0, at).trim();
    const value = decode(item.slice(at + 1).trim());
    if (at > 0 && key !== '' && value !== undefined) pairs[key] = value;
    else warnOnce(`env:${name}`, `${name} has an item that is not key=value, percent-encoded; ignored`);
  }
  return pairs;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function readTimeout(value: string | undefined): number {
  if (value === undefined) return DEFAULT_TIMEOUT_MS;
  const ms = Number(value);
  if (Number.isFinite(ms) && ms > 0) return ms;
  warnOnce('env:OTLP_TIMEOUT', `OTEL_EXPORTER_OTLP_TIMEOUT=${value} is no number of ms over 0; ignored`);
  return DEFAULT_TIMEOUT_MS;
}

function readCompression(value: string | undefined): 'gzip' | 'none' | undefined {
  if (value === undefined || value === 'gzip' || value === 'none') return value;
  warnOnce('env:OTLP_COMPRESSION', `OTEL_EXPORTER_OTLP_COMPRESSION=${value} is neither 'gzip' nor 'none'; taken as 'gzip'`);
  return 'gzip';
}
