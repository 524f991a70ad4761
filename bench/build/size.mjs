/**
 * How much longer instrumented text is: raw and compressed, as it is and minified by esbuild. Level `values`, metadata in the code.
 * Sizes do not depend on the machine.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { bundleLibrary, LIBRARY_NAMES, OUTPUT } from './inputs.mjs';

/** What reports arguments, results and normal ends, as it is emitted. */
const REPORTS =
  /const covS\d+=covG\(\)\[\d+\]--<1\?covR\.enter\w*\([^;]*?\):0;|let covV\d+;|\(covV\d+=|,covS\d+&&covR\.exit\(covS\d+,covV\d+\),covV\d+\)|covS\d+&&covR\.exit\(covS\d+\);/g;
const METADATA = /covR\.register\((\{.*\}),covG\(\)\)/;

/**
 * Resolves to a row a library: sizes in bytes and ratios `[raw, gzip]` of plain and minified text. Two more tell what no form of the probes can go below: the text with its
 * metadata and nothing else, and with metadata and a `try` around each body (it is all that sees a throw), which reports nothing but errors.
 */
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
      metadata: ratios(plain, plain + METADATA.exec(code)[1]),
      onlyTry: ratios(plain, code.replace(REPORTS, '').replace(/throw covS\d+\?covR\.thrown\(covS\d+,covE\):covE;/g, 'throw covR(covE)')),
    });
  }
  return rows;
}

function ratios(plain, instrumented) {
  const size = (text) => [Buffer.byteLength(text), gzipSync(text).length];
  const [before, after] = [size(plain), size(instrumented)];
  return { raw: after[0] / before[0], gzip: after[1] / before[1] };
}
