import { afterEach, expect, test } from 'vitest';
import { flush, onTrace, runRoot, start, stop, trace, traceCarrier } from '../src/index.ts';
import { atEnd } from './request-harness.ts';

afterEach(() => stop());

test('roots of one trace are told once each, and again only for late work of their own', async () => {
  const told: string[] = [];
  atEnd(onTrace(({ root, spans }) => void told.push(`${root.name} ${spans.length}`)));
  start({ exporters: [], budget: 1, signals: false });
  const work = trace('work', () => 1);
  const carrier = runRoot('cause', () => (setTimeout(work, 5), traceCarrier()));
  await flush();
  runRoot({ name: 'effect', carrier }, work);
  await flush();
  runRoot({ name: 'effect', carrier }, work);
  await flush();
  expect(told).toEqual(['cause 0', 'effect 1', 'effect 1']);
  await new Promise((resolve) => setTimeout(resolve, 10));
  await flush();
  expect(told.slice(3)).toEqual(['cause 1']);
});
