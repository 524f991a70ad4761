/** What the user asked for cannot be done as asked: one sentence, no stack. */
export class InputError extends Error {
  /** 2: the command line is wrong; 1: what it names is. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2) {
    super(message);
    this.name = 'InputError';
    this.exitCode = exitCode;
  }
}
