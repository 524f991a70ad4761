/** A budget of a program in which nothing is instrumented would be kept for ever: that is an error. */
import { InputError } from '../input-error.ts';
import type { Sample } from './run-once.ts';

/** @throws {InputError} when `sample`, a run that should record, called no instrumented function */
export function checkRecorded(command: readonly string[], { processes }: Sample): void {
  if (processes.some(({ calls }) => calls > 0)) return;
  const problem = processes.some(({ instrumented }) => instrumented)
    ? 'loaded @captureflow/runtime and recorded no call: is recording stopped, or asked for in a process that was killed?'
    : 'is not instrumented: nothing loaded @captureflow/runtime. Measure the instrumented build, or say --register';
  throw new InputError(`"${command.join(' ')}" ${problem}`, 1);
}
