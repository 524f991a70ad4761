import type { Trace } from '@captureflow/trace';

export declare function readTraces(folder: string, pid: number): { files: string[]; traces: Trace[] };
