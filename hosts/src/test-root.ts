/** What the root of a test is called and says, in any test runner. Names of attributes are OpenTelemetry's where it has one. */
import type { RunRootMeta } from '@captureflow/runtime';

/** `names`: of the suites around the test and of the test itself, from the outside. `file`: undefined where the runner does not say. */
export function testRoot(names: readonly string[], file: string | undefined): RunRootMeta {
  return {
    kind: 'test',
    name: names.join(' > '),
    attributes: { 'test.case.name': names.at(-1) ?? '', ...(file === undefined ? {} : { 'code.file.path': file }) },
  };
}
