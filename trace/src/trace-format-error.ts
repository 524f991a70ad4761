/** The one error that reading bytes can throw. */

export type TraceFormatErrorCode =
  /** The bytes end inside something that was announced. */
  | 'TRUNCATED'
  /** The file does not begin with the magic bytes of a trace file. */
  | 'NOT_A_TRACE_FILE'
  /** A newer version wrote this. */
  | 'UNSUPPORTED_VERSION'
  /** The segment's JSON header is not JSON or lacks something. */
  | 'BAD_HEADER'
  /** A number, text or count that no writer produces. */
  | 'BAD_VALUE'
  /** The checksum of a record does not fit its bytes. */
  | 'BAD_CHECKSUM';

export class TraceFormatError extends Error {
  override readonly name: string = 'TraceFormatError';
  readonly code: TraceFormatErrorCode;
  /** Offset in bytes, from the start of what was given, at which reading stopped. */
  readonly offset: number;
  /** The message without code and offset. */
  readonly reason: string;

  constructor(code: TraceFormatErrorCode, offset: number, reason: string) {
    super(`${reason} (${code} at byte ${offset})`);
    this.reason = reason;
    this.code = code;
    this.offset = offset;
  }
}
