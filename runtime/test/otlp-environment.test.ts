import { expect, test } from 'vitest';
import { readOtlpEnvironment } from '../src/otlp-environment.ts';

const read = (variables: Readonly<Record<string, string>>): ReturnType<typeof readOtlpEnvironment> =>
  readOtlpEnvironment((name) => variables[name]);

test('with nothing set traces go to the local collector, compressed as the client does it', () => {
  expect(read({})).toEqual({
    endpoint: 'http://localhost:4318/v1/traces',
    headers: {},
    timeoutMs: 10_000,
    compression: undefined,
    resource: {},
  });
});

test.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example:4318' }, 'https://otel.example:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example/base/' }, 'https://otel.example/base/v1/traces'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://tempo.example/push' },
    'http://tempo.example/push',
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, 'http://localhost:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'unix:/x', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a' }, 'http://a/v1/traces'],
])('%j is %s', (variables: Record<string, string>, endpoint) => {
  expect(read(variables).endpoint).toBe(endpoint);
});

test('headers and resource attributes are lists of pairs, percent-encoded; those of traces win', () => {
  const { headers, resource } = read({
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x%3D%3D, x-team = blue ,bad,=none,x-broken=%E0%A4%A',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-team=red',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=ci,service.version=1.2',
  });
  expect(headers).toEqual({ authorization: 'Bearer x==', 'x-team': 'red' });
  expect(resource).toEqual({ 'deployment.environment.name': 'ci', 'service.version': '1.2' });
});

test('timeout and compression are taken where they make sense', () => {
  expect(read({ OTEL_EXPORTER_OTLP_TIMEOUT: '500', OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'none' })).toMatchObject({
    timeoutMs: 500,
    compression: 'none',
  });
  expect(read({ OTEL_EXPORTER_OTLP_TIMEOUT: '-1', OTEL_EXPORTER_OTLP_COMPRESSION: 'brotli' })).toMatchObject({
    timeoutMs: 10_000,
    compression: 'gzip',
  });
});
