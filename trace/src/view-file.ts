/** Entry `@captureflow/trace/view-file`: the page's data file, its writer and reader. Runs in any realm. */
export { traceColumns } from './columns-of-trace.ts';
export type { ColumnTrace } from './columns-of-trace.ts';
export { packNamed, packNumber, packValue, unpackNamed, unpackNumber, unpackValue } from './detail-json.ts';
export type { PackedItem, PackedValue } from './detail-json.ts';
export { PAGE_DATA_ID, readPageBundle, writePageBundle } from './page-bundle.ts';
export type { PageBundle, PageExtras } from './page-bundle.ts';
export { readDetails, readViewHead } from './read-view-file.ts';
export { SPAN_LINKS, SpanFlag, SUSPENSION_KINDS, VIEW_VERSION } from './trace-columns.ts';
export type { SpanDetails, SuspensionColumns, TraceColumns, ViewFile, ViewHeader } from './trace-columns.ts';
export { traceOfView } from './trace-of-view.ts';
export { joinViewFile, writeViewFile } from './write-view-file.ts';
export type { ViewFileOptions, ViewParts } from './write-view-file.ts';
