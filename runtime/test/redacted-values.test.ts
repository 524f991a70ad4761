/** That every way out of the recorder goes through the rules; the rules themselves are tested in trace/test/redact-text.test.ts. */
import { afterEach, expect, test } from 'vitest';
import { annotate, memoryExporter, runRoot, start, stop } from '../src/index.ts';

/** Put together here, so that no scanner of committed text takes them for real. */
const SECRETS: readonly string[] = [
  ['AK', 'IAQ2W3E4R5T6Y7U2I3'].join(''),
  ['gh', 'p_', 'a1B2'.repeat(9)].join(''),
  ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'abcdefghijklmnopqrstuvwxyz012345'].join('.'),
  ['4111', '1111', '1111', '1111'].join(' '),
];

afterEach(() => stop());

/** Everything that left the recorder, as one text. */
async function recorded(redactDefaults: boolean): Promise<string> {
  const memory = memoryExporter();
  start({ exporters: [memory], redactDefaults, http: false, signals: false, budget: 1, objects: 'all' });
  for (const secret of SECRETS) {
    try {
      runRoot({ name: `job ${secret}`, attributes: { url: `/a?x=${secret}` } }, () => {
        annotate({ list: [secret], [secret]: new Map([[secret, new Error(`about ${secret}`)]]) });
        throw new Error(`failed: ${secret}`);
      });
    } catch {
      // What is thrown is part of what is recorded.
    }
  }
  await stop();
  return memory
    .segments()
    .map(({ name, bytes }) => `${name} ${Buffer.from(bytes).toString('latin1')}`)
    .join('\n');
}

test('secrets in names of roots, attributes, values, keys and errors do not reach exporters', async () => {
  const all = await recorded(true);
  expect(all).toContain('failed: [redacted]');
  expect(SECRETS.filter((secret) => all.includes(secret))).toEqual([]);
});

test('with redactDefaults: false they do', async () => {
  const all = await recorded(false);
  expect(SECRETS.filter((secret) => all.includes(secret))).toEqual(SECRETS);
});
