/** The hash that finds a manifest's record. */
import { expect, test } from 'vitest';
import { hashText } from '../src/hash-text.ts';

test('a hash is 16 hex digits, also of an empty text', () => {
  for (const text of ['', 'a', 'x'.repeat(10_000), '\u{1F600}']) expect(hashText(text)).toMatch(/^[0-9a-f]{16}$/);
});

test('a manifest written by one version is found by the next: the values are fixed', () => {
  expect(hashText('')).toBe('cbf29ce4811c9dc5');
  expect(hashText('captureflow')).toBe('7b93894157740121');
});

test('ten thousand records that differ in one number or in the order of two lines have different hashes', () => {
  const texts = new Set<string>();
  for (let k = 0; k < 5000; k++) texts.add(`{"v":1,"id":"src/a.ts","f":[["f",${k},1,0,[],[],[],[],9]]}`).add(`${k}\n${k + 1}`);
  expect(new Set([...texts].map(hashText)).size).toBe(texts.size);
});
