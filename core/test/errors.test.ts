/** Build errors: one line, with what, where and the way out. */
import { CaptureFlowError, ERROR_MESSAGES, type ErrorCode } from '@captureflow/core';
import { expect, test } from 'vitest';

const CODES = Object.keys(ERROR_MESSAGES) as ErrorCode[];

test.each(CODES)('%s reads as one line with its place and all its values', (code) => {
  const keys = [...ERROR_MESSAGES[code].matchAll(/%(\w+)%/g)].map((match) => match[1] as string);
  const values = Object.fromEntries(keys.map((key) => [key, `<${key}>`]));
  const error = new CaptureFlowError(code, values, { file: 'src/a.ts', line: 3, column: 7 });
  expect(error.message.startsWith(`[captureflow] ${code} src/a.ts:3:7 `)).toBe(true);
  for (const key of keys) expect(error.message).toContain(`<${key}>`);
  expect(error.message).not.toMatch(/%|\n|undefined/);
  expect(error.code).toBe(code);
});

test('a message without a place has no gap where it would stand', () => {
  expect(new CaptureFlowError('MODULE_UNSUPPORTED', { kind: 'AMD' }).message).toMatch(
    /^\[captureflow\] MODULE_UNSUPPORTED Module kind AMD /,
  );
});
