/**
 * How much longer instrumented text is: raw and compressed, as it is and minified by esbuild. Level `values`, metadata in the code.
 * Sizes do not depend on the machine.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { bundleLibrary, LIBRARY_NAMES, OUTPUT } from './inputs.mjs';

/** Resolves to a row a library: sizes in bytes and ratios `[raw, gzip]` of plain and minified text. */
export async function measureSizes() {
  const { instrument } = await import('@captureflow/esbuild-plugin');
  const rows = [];
  for (const name of LIBRARY_NAMES) {
    const filename = await bundleLibrary(name);
    const plain = readFileSync(filename, 'utf8');
    const { code, functions } = instrument(plain, { filename, level: 'values', root: OUTPUT });
    const minified = await Promise.all([plain, code].map(async (text) => (await transform(text, { minify: true, format: 'esm' })).code));
    rows.push({
      name,
      functions: functions.instrumented,
      bytes: Buffer.byteLength(plain),
      ratio: ratios(plain, code),
      minified: ratios(...minified),
    });
  }
  return rows;
}

function ratios(plain, instrumented) {
  const size = (text) => [Buffer.byteLength(text), gzipSync(text).length];
  const [before, after] = [size(plain), size(instrumented)];
  return { raw: after[0] / before[0], gzip: after[1] / before[1] };
}
