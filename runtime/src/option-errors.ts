/** Everything that can be wrong with the options of `start`: one table of codes, one class. */

/** What each code means. The message says which option, what was given and what is right. */
export const OPTION_ERRORS = {
  OPTION_UNKNOWN: 'There is no option of this name.',
  OPTION_TYPE: 'The value is of another type than the option.',
  OPTION_RANGE: 'The value is a number outside of what the option takes.',
  OPTION_CHOICE: 'The value is none of the words that the option takes.',
} as const;

export type OptionErrorCode = keyof typeof OPTION_ERRORS;

/** Thrown by `start`, before anything has run. `path` is the key's path, for example `limits.depth`. */
export class OptionsError extends TypeError {
  readonly code: OptionErrorCode;
  readonly path: string;
  constructor(code: OptionErrorCode, path: string, problem: string) {
    super(`captureflow: option ${JSON.stringify(path)} ${problem}`);
    this.name = 'OptionsError';
    this.code = code;
    this.path = path;
  }
}
