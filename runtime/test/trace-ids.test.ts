import { expect, test } from 'vitest';
import { randomHex } from '../src/trace-ids.ts';

test('ids of traces and spans are hexadecimal, never all zero, and none comes twice, also where a portion of random bytes ends', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 2000; i++) {
    const traceId = randomHex(16);
    const spanId = randomHex(8);
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(traceId.slice(0, 2)).not.toBe('00');
    seen.add(traceId.slice(0, 16)).add(traceId.slice(16)).add(spanId);
  }
  expect(seen.size).toBe(6000);
});
