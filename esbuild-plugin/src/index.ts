/** The door: the esbuild plugin and the text instrumenter that other hosts use. */
export { CaptureFlowError, type FileFacts, type Options, type Plan, type SkippedFunction, type SkipReason } from '@captureflow/core';
export { createInstrumenter, type FileInput, type InstrumentedFile, type Instrumenter } from './create-instrumenter.ts';
export { type IncomingMapFile, readIncomingMap } from './incoming-map.ts';
export { instrument, type InstrumentOptions, type InstrumentResult } from './instrument.ts';
export type { Format, Language, SyntaxProblem } from './parse.ts';
export { captureflow, captureflow as default, compose, type EsbuildPlugin } from './plugin.ts';
export type { IncomingMap, SourceMap } from './source-map.ts';
