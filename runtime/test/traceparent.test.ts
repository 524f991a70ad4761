import { expect, test } from 'vitest';
import type { Root } from '../src/recorder-config.ts';
import { carrierOf, readCarrier, readTraceparent } from '../src/traceparent.ts';

const T = '0af7651916cd43dd8448eb211c80319c';
const S = 'b7ad6b7169203331';
const READ = { traceId: T, spanId: S };

test.each([
  [`00-${T}-${S}-01`, READ],
  [` 00-${T}-${S}-00 `, { ...READ, sampled: false }],
  [`00-${T}-${S}-03`, READ],
  [`00-${T}-${S}-fe`, { ...READ, sampled: false }],
  [`cc-${T}-${S}-01-what-the-future-holds`, READ],
  [`00-${T}-${S}-01-more`, undefined],
  [`ff-${T}-${S}-01`, undefined],
  [`00-${'0'.repeat(32)}-${S}-01`, undefined],
  [`00-${T}-${'0'.repeat(16)}-01`, undefined],
  [`00-${T.toUpperCase()}-${S}-01`, undefined],
  [`00-${T}-${S}-0`, undefined],
  [`00-${T}-${S}`, undefined],
  [`00-${T}-${S}-01, 00-${T}-${S}-01`, undefined],
  ['', undefined],
  [undefined, undefined],
])('traceparent %j is read as %j', (header, parent) => {
  expect(readTraceparent(header)).toEqual(parent);
});

test('a tracestate is passed on as it came, unless it is longer than anybody has to pass on or is no text', () => {
  const state = (text: string): string | undefined => readTraceparent(`00-${T}-${S}-01`, text)?.state;
  expect([state(' congo=t61rcWkgMzE,rojo=00f067 '), state('x'.repeat(513)), state('a=\u0007'), state(' ')]).toEqual([
    'congo=t61rcWkgMzE,rojo=00f067',
    undefined,
    undefined,
    undefined,
  ]);
});

test('what is read from a carrier and written into the next one keeps trace, flag and state, and names the sender', () => {
  const parent = readCarrier({ Traceparent: `00-${T}-${S}-00`, TRACESTATE: 'a=1' });
  const sender = { traceId: T, spanId: '1234567890abcdef', parent } as Root;
  expect(carrierOf(sender)).toEqual({ traceparent: `00-${T}-1234567890abcdef-00`, tracestate: 'a=1' });
  expect(carrierOf({ ...sender, parent: undefined })).toEqual({ traceparent: `00-${T}-1234567890abcdef-01` });
});

test('a carrier that is none is no parent, and no getter of it runs', () => {
  let runs = 0;
  const trap = {
    get traceparent() {
      runs++;
      return `00-${T}-${S}-01`;
    },
  };
  expect([undefined, null, 'text', 7, {}, { traceparent: 7 }, trap].map(readCarrier)).toEqual(Array(7).fill(undefined));
  expect(runs).toBe(0);
});
