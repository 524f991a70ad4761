/**
 * For Jest's `setupFilesAfterEnv`: each test is a root of its own. Each test file has a runtime of its own, too, in a sandbox that never
 * learns of the process's end.
 */
import { beginRoot, flush } from '@captureflow/runtime';
import { testRoot } from './test-root.ts';

type Hook = (action: () => unknown) => void;
declare const beforeEach: Hook;
declare const afterEach: Hook;
declare const afterAll: Hook;
declare const expect: { getState(): { readonly currentTestName?: string; readonly testPath?: string } };

let end: ReturnType<typeof beginRoot> = () => {};

beforeEach(() => {
  const { currentTestName = 'test', testPath } = expect.getState();
  end = beginRoot(testRoot([currentTestName], testPath));
});
afterEach(() => end());
afterAll(() => flush());
