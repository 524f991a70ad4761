/**
 * Errors of the instrumenter. Recognised by name: the instrumenter is a package of its own with its own copy of the class.
 */
import type { CaptureFlowError } from '@captureflow/core';

export function isBuildError(error: unknown): error is CaptureFlowError {
  return error instanceof Error && error.name === 'CaptureFlowError';
}
