/** Each reason of the plan in one clause, for people. */
import type { SkipReason } from '@captureflow/esbuild-plugin';

const REASONS: Readonly<Record<SkipReason, string>> = {
  EXCLUDED: 'the options include and exclude leave it out',
  OFF_BY_OPTION: 'its level is off',
  OFF_BY_COMMENT: 'a captureflow:off comment says so',
  ALREADY_INSTRUMENTED: 'it was instrumented before',
  SCRIPT: 'it is neither an ES module nor CommonJS, so it cannot reach the runtime',
  ASM: 'its code must stay asm.js',
  WORKLET: 'its text runs in another thread',
  IN_WITH: 'inside with, any name may mean another object',
  EARLY_ERROR: 'the engine refuses it, and would no longer',
  MOCK_FACTORY: 'the test runner moves it above the imports',
  SENT_ELSEWHERE: 'its text runs in another realm',
  MIN_SIZE: 'it is smaller than minSize and calls nothing',
  MINIFIED: 'it is a minified bundle over 1 MB',
  SYNTAX_ERROR: 'it does not parse',
  GENERATED: 'a compiler before us made it',
  CONSTRUCTOR_TOO_OLD: 'this compiler emits it wrongly',
};

export function explainSkip(reason: SkipReason): string {
  return REASONS[reason];
}
