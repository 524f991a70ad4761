/**
 * For Vitest's `setupFiles`: each test is a root of its own, from its first `beforeEach` to its last `afterEach`, and says whether it passed.
 * Tests that run at the same time do not mix. Needs Vitest 4.1, which can run a function around a test.
 */
import { runRoot } from '@captureflow/runtime';
// By name, an older Vitest could not load this file at all.
import * as vitest from 'vitest';
import type { TestContext } from 'vitest';
import { testRoot } from './test-root.ts';

type Task = TestContext['task'];

if (typeof vitest.aroundEach === 'function') {
  vitest.aroundEach((runTest, { task }) =>
    runRoot(testRoot(namesOf(task), task.file.filepath), async (root) => {
      await runTest();
      const { result } = task;
      if (root === undefined || result === undefined) return;
      root.attributes['test.case.result.status'] = result.state;
      const error = result.state === 'fail' ? result.errors?.[0] : undefined;
      if (error !== undefined) root.attributes['error.type'] = error.name ?? 'Error';
    }),
  );
}

function namesOf(task: Task): string[] {
  const names: string[] = [task.name];
  for (let { suite } = task; suite !== undefined && suite !== suite.file; suite = suite.suite) names.unshift(suite.name);
  return names;
}
