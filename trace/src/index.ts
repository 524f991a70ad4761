/** The public surface of @captureflow/trace: the trace model, its native file format, and the readers and writers around it. */

export { buildTrace, buildTraces } from './build-trace.ts';
export type {
  CallArguments,
  CallEvent,
  CaptureFlowEvent,
  CaptureFlowTrace,
  ExceptionEvent,
  ReturnEvent,
  SerializedObject,
} from './captureflow-json.ts';
export { checkCaptureFlowJson } from './check-captureflow-json.ts';
export type { CaptureFlowProblem } from './check-captureflow-json.ts';
export type { Manifests } from './function-table.ts';
export { decodeHeader, decodeSegment } from './decode-segment.ts';
export { encodeSegment, SegmentEncoder } from './encode-segment.ts';
export type { EncodeOptions } from './encode-segment.ts';
export { formatDuration, formatEstimate } from './format-duration.ts';
export { formatTree } from './format-tree.ts';
export type { FormatTreeOptions } from './format-tree.ts';
export { count, formatError, formatValue } from './format-value.ts';
export type { FormatValueOptions } from './format-value.ts';
export { FunctionFlag, LEVELS, METADATA_VERSION, SiteKind } from './metadata.ts';
export type { FunctionRecord, Level, ManifestReference, ModuleRecord, SiteRecord } from './metadata.ts';
export { readLater } from './later-value.ts';
export type {
  ElidedCalls,
  Gap,
  FunctionInfo,
  LineEvent,
  NamedValue,
  Outcome,
  Span,
  SpanLink,
  Suspension,
  Trace,
  Value,
} from './model.ts';
export {
  beginsAsTraceFile,
  fileHeader,
  FIRST_RECORD,
  frameSegment,
  putRecord,
  readFrames,
  readSegments,
  RECORD_HEAD,
  recordSize,
  recordSizeOf,
  segmentInRecord,
} from './segment-frames.ts';
export type { SegmentFile } from './segment-frames.ts';
export type { RootKind, Segment, SegmentFunction, SegmentHeader } from './segment.ts';
export { TraceFormatError } from './trace-format-error.ts';
export type { TraceFormatErrorCode } from './trace-format-error.ts';
export { saidTexts } from './said-texts.ts';
export { skimSegment } from './skim-segment.ts';
export { rootSummary, summarize } from './trace-summary.ts';
export type { TraceSource, TraceSummary } from './trace-summary.ts';
export { Cut, Link, MAX_EVENT_VALUES, Op, Pause, Tag, WIRE_VERSION } from './wire.ts';
export type { ChunkColumns } from './wire.ts';
export { toCaptureFlowJson } from './write-captureflow-json.ts';
export type { CaptureFlowJsonOptions } from './write-captureflow-json.ts';
export type { OtlpAttribute, OtlpEvent, OtlpLink, OtlpRequest, OtlpResourceSpans, OtlpSpan, OtlpValue } from './otlp.ts';
export { otlpRequest, otlpSpans, toOtlpJson } from './write-otlp.ts';
export type { OtlpOptions, SentSpans } from './write-otlp.ts';
export { isSampled } from './sample-trace.ts';
export { redactRepeated, redactText } from './redact-text.ts';
export { byteHints } from './secret-hints.ts';
export { isCardNumber } from './secret-patterns.ts';
export { plainJson } from './plain-json.ts';
export { printable, quoted } from './printable.ts';
export { fromOtlpJson } from './read-otlp.ts';
export { fromPlainJson } from './read-plain-json.ts';
export { callGraph } from './call-graph.ts';
export type { CallGraph } from './call-graph.ts';
export { alignCalls, changesOf, compareFunctions, gain } from './compare-traces.ts';
export type { AlignedCalls, Change, ComparedFunction, ComparedSide, CompareOptions, SideTotals } from './compare-traces.ts';
export { compressCallGraph } from './compress-call-graph.ts';
export type { CompressedGraph, CompressOptions, GraphGroup, GraphLink } from './compress-call-graph.ts';
export { digestArguments, digestCalls, digestOutcome, NO_DIGESTS } from './digest-calls.ts';
export type { CallDigests } from './digest-calls.ts';
export { functionFlames } from './function-flames.ts';
export type { FlameNodes } from './function-flames.ts';
export { functionTotals, mergeCalls } from './merge-calls.ts';
export type { FunctionTotals, MergedCalls } from './merge-calls.ts';
export { fromCaptureFlowJson } from './read-captureflow-json.ts';
export { exportFormats } from './export-formats.ts';
export type { ExportFormat, ExportOptions } from './export-formats.ts';
export { joinColumns } from './join-columns.ts';
