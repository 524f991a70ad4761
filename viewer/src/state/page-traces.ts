/** The traces that an exported page carries inside itself. */
import { PAGE_DATA_ID, readPageBundle, readViewHead } from '@captureflow/trace/view-file';
import type { PageBundle } from '@captureflow/trace/view-file';
import { fromBase64, gunzip } from './gzip.ts';
import { LoadedTrace } from './loaded-trace.ts';
import type { ListedTrace } from './trace-list.ts';

/** Undefined: nothing is in this page. Rejects when what is there cannot be read. */
export async function readPageTraces(): Promise<readonly ListedTrace[] | undefined> {
  const element = document.getElementById(PAGE_DATA_ID);
  if (element === null) return undefined;
  const bundle = readPageBundle(await gunzip(fromBase64(element.textContent ?? '')));
  // The text is the largest thing in the page by far, and read.
  element.remove();
  return bundle.files.flatMap((file, index) => {
    const summary = bundle.summaries[index];
    return summary === undefined ? [] : [{ summary, load: async () => openFile(summary, file, bundle) }];
  });
}

function openFile(summary: ListedTrace['summary'], bytes: Uint8Array, { sources }: PageBundle): LoadedTrace {
  const file = readViewHead(bytes);
  return new LoadedTrace(summary, file, {
    block: async (index) => {
      const place = file.header.blocks[index];
      if (place === undefined || place.length === 0)
        throw new RangeError(`The page has no details of spans from ${index * file.header.blockSize + 1} on.`);
      return gunzip(bytes.slice(place.offset, place.offset + place.length));
    },
    source: async (module) => (Object.hasOwn(sources, module) ? sources[module] : undefined),
  });
}
