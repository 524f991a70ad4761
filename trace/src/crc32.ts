/**
 * CRC-32 as zlib and PNG compute it (polynomial 0xEDB88320, reflected), four bytes a step because it runs over every segment that is
 * written. `node:zlib` has one from Node 22.2 on only, and browsers have none.
 */

const TABLES: Int32Array = createTables();

function createTables(): Int32Array {
  const tables = new Int32Array(1024);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < 1024; index++) {
    const previous = tables[index - 256] as number;
    tables[index] = (previous >>> 8) ^ (tables[previous & 255] as number);
  }
  return tables;
}

/** Checksum of `bytes[from..to)` as an unsigned 32-bit integer. */
export function crc32(bytes: Uint8Array, from: number = 0, to: number = bytes.length): number {
  const tables = TABLES;
  let crc = -1;
  let at = from;
  for (const last = to - 3; at < last; at += 4) {
    crc ^= (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    crc =
      (tables[768 + (crc & 255)] as number) ^
      (tables[512 + ((crc >>> 8) & 255)] as number) ^
      (tables[256 + ((crc >>> 16) & 255)] as number) ^
      (tables[crc >>> 24] as number);
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[at] as number)) & 255] as number);
  return ~crc >>> 0;
}
