/** Both ways to a checksum: Node's own and ours, of which browsers have the second only. */
import { expect, test, vi } from 'vitest';

type Checksum = typeof import('../src/crc32.ts').crc32;

/** A module of its own, whose first checksum, which looks for Node's, finds it or not. */
async function checksum(hasNode: boolean): Promise<Checksum> {
  vi.resetModules();
  const { crc32 } = await import('../src/crc32.ts');
  const look = vi.spyOn(process, 'getBuiltinModule');
  if (!hasNode) look.mockReturnValue(undefined);
  crc32(new Uint8Array(1));
  expect(look).toHaveBeenCalledOnce();
  look.mockRestore();
  return crc32;
}

test('the checksum of the nine digits is the one that every description of CRC-32 names', async () => {
  const crc32 = await checksum(false);
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

test.each([0, 1, 63, 64, 65, 1000, 4099])('of %i bytes Node and we compute the same, also of a part of them', async (length) => {
  const bytes = Uint8Array.from({ length: length + 7 }, (_, i) => (i * 131 + (i >> 3)) & 255);
  const [ofNode, ours] = [await checksum(true), await checksum(false)];
  const expected = ofNode(bytes, 3, 3 + length);
  expect(ours(bytes, 3, 3 + length)).toBe(expected);
  expect(ours(bytes.subarray(3, 3 + length))).toBe(expected);
});
