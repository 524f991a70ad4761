/** Whether something went wrong in a trace: its root failed, or any function threw. */
import type { Trace } from '@captureflow/trace';

export function hasError({ root, spans }: Trace): boolean {
  return root.error !== undefined || root.attributes['error.type'] !== undefined || spans.some(({ outcome }) => outcome.kind === 'threw');
}
