import { toCaptureFlowJson, plainJson } from '@captureflow/trace';
import type { Trace } from '@captureflow/trace';
export const exportFormats: readonly {
  name: string;
  extension: string;
  mediaType: string;
  write(traces: Iterable<Trace>, options: object): Iterable<string>;
}[] = [
  {
    name: 'captureflow',
    extension: 'json',
    mediaType: 'application/json',
    *write(traces) {
      for (const trace of traces) yield plainJson(toCaptureFlowJson(trace));
    },
  },
];
