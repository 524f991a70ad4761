/** Which keys hide their values: the built-in names and the program's own rule (H178). */
import { isSensitiveName } from '@captureflow/trace/redaction';
import { enterBusy, leaveBusy } from './columns.ts';
import { state } from './recorder-state.ts';

let defaults = true;
let rule: ((name: string) => boolean) | undefined;

export function setRedaction(custom: ((name: string) => boolean) | undefined, useDefaults: boolean): void {
  rule = custom;
  defaults = useDefaults;
}

/** True: the value of this name must not be stored. A rule that throws hides. */
export function hides(name: string): boolean {
  if (defaults && isSensitiveName(name)) return true;
  return rule !== undefined && asksRule(rule, name);
}

/** The rule is user code and may be instrumented (H46). */
function asksRule(custom: (name: string) => boolean, name: string): boolean {
  const wasBusy = state.busy;
  enterBusy();
  try {
    return custom(name) === true;
  } catch {
    return true;
  } finally {
    if (!wasBusy) leaveBusy();
  }
}
