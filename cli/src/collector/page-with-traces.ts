/** A page with traces inside: one file that opens from a disk, without network. */
import { gzipSync } from 'node:zlib';
import type { Trace, TraceSummary } from '@captureflow/trace';
import { joinViewFile, PAGE_DATA_ID, writePageBundle, writeViewFile } from '@captureflow/trace/view-file';
import { readModuleSource } from './module-source.ts';

export interface PageTrace {
  readonly trace: Trace;
  readonly summary: TraceSummary;
}

/** `page`: the viewer's HTML. `root`: folder that module paths start from; what is not there has no source in the page. */
export function pageWithTraces(page: string, traces: readonly PageTrace[], root: string): string {
  const modules = new Set(traces.flatMap(({ trace }) => trace.spans.map((span) => span.function.module)));
  const sources: Record<string, string> = {};
  for (const module of modules) {
    const text = readModuleSource(root, module);
    if (text !== undefined) sources[module] = text;
  }
  const files = traces.map(({ trace }) => {
    const { head, blockCount, block } = writeViewFile(trace);
    return joinViewFile(
      head,
      Array.from({ length: blockCount }, (_, index) => gzipSync(block(index), { level: 6 })),
    );
  });
  const data = gzipSync(writePageBundle({ files, summaries: traces.map(({ summary }) => summary), sources })).toString('base64');
  const end = page.lastIndexOf('</body>');
  const script = `<script type="application/octet-stream" id="${PAGE_DATA_ID}">${data}</script>`;
  return end === -1 ? page + script : `${page.slice(0, end)}${script}${page.slice(end)}`;
}
