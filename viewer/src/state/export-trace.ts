/**
 * The open trace in other formats. A collector writes its own; what came in a file or with the page is written here, so that neither needs
 * more than the page. Nothing is sent anywhere.
 */
import { exportFormats } from '@captureflow/trace';
import { joinViewFile, PAGE_DATA_ID, writePageBundle, writeViewFile } from '@captureflow/trace/view-file';
import { apiFetch } from './api.ts';
import { givenSources } from './given-sources.ts';
import { gzip, toBase64 } from './gzip.ts';
import type { LoadedTrace } from './loaded-trace.ts';
import { reportProblem, say } from './state.ts';

export interface ExportChoice {
  readonly name: string;
  /** What opens it. */
  readonly title: string;
  readonly extension: string;
  readonly mediaType: string;
}

export const exportChoices: readonly ExportChoice[] = [
  { name: 'html', title: 'this page with the trace inside', extension: '.html', mediaType: 'text/html' },
  ...exportFormats,
];

/** Hands the file to the browser's downloads; says so when it cannot be made. */
export async function exportTrace(trace: LoadedTrace, choice: ExportChoice): Promise<void> {
  const name = fileName(trace, choice.extension);
  say(`Writing ${name} …`);
  try {
    const path = trace.origin.exportPath?.(choice.name);
    // The token goes in a header, which a link to the file could not send.
    const blob = path === undefined ? await writeHere(trace, choice) : await (await apiFetch(path)).blob();
    save(blob, name);
    say(`Wrote ${name}`);
  } catch (error) {
    reportProblem(`The trace could not be written as ${choice.name}: ${(error as Error).message}`);
  }
}

async function writeHere(trace: LoadedTrace, { name, mediaType }: ExportChoice): Promise<Blob> {
  if (name === 'html') return new Blob(await pageParts(trace), { type: mediaType });
  const format = exportFormats.find((each) => each.name === name);
  if (format === undefined) throw new RangeError(`there is no format ${name}`);
  const sources = await sourcesOf(trace);
  const pieces: string[] = [];
  let text = '';
  for (const piece of format.write([await trace.whole()], { sourceText: (module) => sources.get(module) })) {
    text += piece;
    if (text.length < PIECE_UNITS) continue;
    pieces.push(text);
    text = '';
  }
  return new Blob([...pieces, text], { type: mediaType });
}

/** A file of a million spans does not fit into one string. */
const PIECE_UNITS = 1 << 20;

async function sourcesOf(trace: LoadedTrace): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const module of new Set(trace.header.functions.map((fn) => fn.module))) {
    const text = givenSources.peek().get(module) ?? (await trace.source(module));
    if (text !== undefined) sources.set(module, text);
  }
  return sources;
}

/** This very page, as it was before it showed anything, with the trace inside. */
async function pageParts(trace: LoadedTrace): Promise<string[]> {
  const { head, blockCount, block } = writeViewFile(await trace.whole());
  const blocks: Uint8Array[] = [];
  for (let index = 0; index < blockCount; index++) blocks.push(await gzip(block(index)));
  const bundle = writePageBundle({
    files: [joinViewFile(head, blocks)],
    summaries: [trace.summary],
    sources: Object.fromEntries(await sourcesOf(trace)),
  });
  const page = document.documentElement.cloneNode(true) as HTMLElement;
  delete page.dataset['theme'];
  page.querySelector('#app')?.replaceChildren();
  page.querySelector(`#${PAGE_DATA_ID}`)?.remove();
  const data = document.createElement('script');
  data.type = 'application/octet-stream';
  data.id = PAGE_DATA_ID;
  data.textContent = toBase64(await gzip(bundle));
  page.querySelector('body')?.append(data);
  // oxlint-disable-next-line eslint/no-restricted-properties -- Read, not set: the only foreign text in it is base64.
  return ['<!doctype html>\n', page.outerHTML];
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Later: a browser may ask where to put it first.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** `GET-orders-id-1a2b3c4d.trace.json`: what it is, and of which trace. */
function fileName({ summary }: LoadedTrace, extension: string): string {
  const words = `${summary.name} ${summary.traceId.slice(0, 8)}`;
  return (
    words
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 80) + extension
  );
}
