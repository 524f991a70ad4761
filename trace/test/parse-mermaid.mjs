/**
 * Mermaid's own parser on the text on stdin: prints what kind of diagram it is, or fails with what Mermaid says. Its texts go through DOMPurify, which needs a page;
 * here they pass as they are.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(createRequire(import.meta.url).resolve('mermaid'));
const { default: purify } = await import(pathToFileURL(require.resolve('dompurify').replace(/purify\.cjs\.js$/, 'purify.es.mjs')));
Object.assign(purify, { addHook() {}, sanitize: (text) => text });
const { default: mermaid } = await import('mermaid');
mermaid.initialize({ maxTextSize: 50_000, maxEdges: 500 });
process.stdout.write(JSON.stringify(await mermaid.parse(readFileSync(0, 'utf8'))));
