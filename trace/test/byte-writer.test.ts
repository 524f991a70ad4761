import { expect, it } from 'vitest';
import { ByteWriter } from '../src/byte-writer.ts';

it('writers at work at the same time, and one after the other, leave each other and what was written before untouched', () => {
  // Leaves its memory for the next one.
  new ByteWriter(10).result();
  const first = new ByteWriter(10);
  first.text('first', 0, 1);
  const second = new ByteWriter(10);
  second.text('second', 0, 1);
  first.varint(300);
  const written = first.result();
  const expected = [...written];
  const third = new ByteWriter(10);
  third.text('the third writes over what the first has left', 0, 1);
  expect([...written]).toEqual(expected);
  expect(new TextDecoder().decode(second.result().subarray(1))).toBe('second');
  expect(new TextDecoder().decode(third.result().subarray(1))).toMatch(/third writes/);
  expect(expected).toEqual([20, ...new TextEncoder().encode('first'), 172, 2]);
});

it('a result is never written over, whatever its size and however many follow', () => {
  const sizes = [1, 300, 16_000, 17_000, 70_000, 300_000];
  const results: { text: string; bytes: Uint8Array }[] = [];
  for (let i = 0; i < 200; i++) {
    const text = `${i} `.padEnd(sizes[i % sizes.length] as number, '.');
    const writer = new ByteWriter(i % 2 === 0 ? 10 : text.length);
    writer.text(text, 0, 1);
    results.push({ text, bytes: writer.result() });
  }
  for (const { text, bytes } of results) expect(new TextDecoder().decode(bytes).endsWith(text)).toBe(true);
});
