/** gzip and base64 with what browsers have. */

/** Rejects with a TypeError when `bytes` are no gzip. */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return through(bytes, new DecompressionStream('gzip'));
}

export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  return through(bytes as Uint8Array<ArrayBuffer>, new CompressionStream('gzip'));
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: DecompressionStream | CompressionStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

const PIECE = 1 << 20;

/** The bytes of a text in base64, decoded in pieces: a trace of many megabytes is no string of that many characters twice. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const clean = text.trim();
  const padding = clean.endsWith('==') ? 2 : clean.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((clean.length / 4) * 3 - padding);
  let at = 0;
  for (let from = 0; from < clean.length; from += PIECE) {
    const piece = atob(clean.slice(from, from + PIECE));
    for (let i = 0; i < piece.length; i++) bytes[at++] = piece.charCodeAt(i);
  }
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  // A multiple of 3 has no padding inside; a call takes only so many arguments.
  const STEP = 3 * 4096;
  let text = '';
  for (let from = 0; from < bytes.length; from += STEP) text += btoa(String.fromCharCode(...bytes.subarray(from, from + STEP)));
  return text;
}
