import { describe, expect, it } from 'vitest';
import { decodeSegment, encodeSegment, redactRepeated, redactText } from '../src/index.ts';
import { createLookAlikes, createSecrets } from './secret-corpus.ts';
import { StreamBuilder } from './stream-builder.ts';

const SECRETS = createSecrets(500);
const LOOK_ALIKES = createLookAlikes(400);

/** Texts of the corpus in places where programs put them. */
const PLACES: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  'in an error': (text) => `request failed: ${text}`,
  'in a list': (text) => `ann, ${text}, bob`,
  'on a line of its own': (text) => `first line\n${text}\nlast line`,
};

describe('redactText', () => {
  it('hides 500 secrets of real shapes', () => {
    expect(SECRETS).toHaveLength(500);
    const left = SECRETS.filter(({ text, secret }) => redactText(text).includes(secret));
    expect(left).toEqual([]);
  });

  it.each(Object.entries(PLACES))('hides those that show by themselves %s', (_, place) => {
    const left = SECRETS.filter(({ shape, text, secret }) => !/cookie|cut/.test(shape) && redactText(place(text)).includes(secret));
    expect(left).toEqual([]);
  });

  it('leaves 400 look-alikes as they are', () => {
    expect(LOOK_ALIKES).toHaveLength(400);
    expect(LOOK_ALIKES.filter((text) => redactText(text) !== text)).toEqual([]);
  });

  it.each([
    ['https://ann:geheim1@example.com/a?b=1', 'https://ann:[redacted]@example.com/a?b=1'],
    ['/cb?token=abc123&page=2', '/cb?token=[redacted]&page=2'],
    ['{"user":"ann","password":"a b"}', '{"user":"ann","password":"[redacted]"}'],
    ['user=ann password=hunter2 tries=3', 'user=ann password=[redacted] tries=3'],
    ['Authorization: Digest username="ann"\r\nHost: x', 'Authorization: [redacted]\r\nHost: x'],
    ['PASSWORD=hunter2\nPORT=80', 'PASSWORD=[redacted]\nPORT=80'],
  ])('keeps what stands around it: %s', (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
    expect(redactText(redacted)).toBe(redacted);
  });

  it('takes time in proportion to the text, whatever it is made of', () => {
    for (const part of [
      '=',
      ':',
      'a',
      '-----BEGIN PRIVATE KEY',
      'eyJ',
      'eyJ-',
      'eyJaaaaaaaa.',
      'sk-',
      '4111 ',
      'password=',
      '"',
      '\\"',
      'https://a:',
      'basic ',
      '%3D',
      '%22',
      '>',
      '<password>',
      '<password ',
      '<a:',
      'name="password"\n\n',
      '"name":"password","value":"',
      'password:{',
      'password:["a","',
      'password:\\',
      '\\\\\\',
      '--password ',
      '--',
      ' -u a:',
      'login ',
      "password '",
      'password=>"',
      'DE00 0000 ',
      'AA00',
      'eyJhbGci',
    ]) {
      const text = part.repeat(Math.ceil(200_000 / part.length));
      // Quadratic work on this would take minutes, and the test's own time limit end it.
      expect(typeof redactText(text)).toBe('string');
    }
  });
});

describe('redactRepeated', () => {
  it('says of every text what redactText says, the first time and after a thousand others', () => {
    const names = Array.from({ length: 1000 }, (_, i) => `GET /orders/${i}`);
    const texts = [...SECRETS.map(({ text }) => text), ...LOOK_ALIKES, ...names];
    for (let round = 0; round < 3; round++) {
      for (const text of texts) expect(redactRepeated(text)).toBe(redactText(text));
    }
    for (const name of ['__proto__', 'constructor', 'toString']) expect(redactRepeated(name)).toBe(name);
  });
});

describe('encodeSegment', () => {
  const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

  it('writes none of 500 secrets that stand in values, keys, errors, symbols, the root and its attributes', () => {
    const s = new StreamBuilder();
    for (const { text } of SECRETS) {
      s.annotate(0, text);
      s.annotate(0, {
        kind: 'object',
        id: 1,
        className: 'Object',
        size: 1,
        entries: [
          { name: text, value: { kind: 'error', id: 2, className: 'Error', message: text, entries: [] } },
          { name: 'list', value: { kind: 'symbol', description: text } },
        ],
      });
    }
    const all = SECRETS.map(({ text }) => text);
    const bytes = encodeSegment(
      s.segment({
        root: { kind: 'http', name: `GET ${all[0]}`, attributes: { texts: all, deep: { password: 'correct horse', url: all[1] } } },
        error: { type: 'Error', message: all[2] as string },
      }),
    );
    const text = textOf(bytes);
    expect(SECRETS.filter(({ secret }) => text.includes(secret))).toEqual([]);
    expect(text).not.toContain('correct horse');
    expect(text).toContain('[redacted]');
  });

  it('writes 400 look-alikes as they are', () => {
    const s = new StreamBuilder();
    for (const text of LOOK_ALIKES) s.annotate(0, text);
    const { chunks } = decodeSegment(encodeSegment(s.segment()));
    expect(chunks[0]?.refs).toEqual(LOOK_ALIKES);
  });

  it('writes everything as it is when told so', () => {
    const { text, secret } = SECRETS[0] as (typeof SECRETS)[number];
    expect(textOf(encodeSegment(new StreamBuilder().annotate(0, text).segment(), { redact: false }))).toContain(secret);
  });
});
