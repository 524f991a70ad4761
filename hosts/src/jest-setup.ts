/**
 * For Jest's `setupFilesAfterEnv`: each test file has a runtime of its own, in a sandbox that never learns of the process's end.
 */
import { flush } from '@captureflow/runtime';

declare function afterAll(action: () => Promise<unknown>): void;

afterAll(() => flush());
