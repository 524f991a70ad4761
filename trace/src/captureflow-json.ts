/** The shape of a trace as the CaptureFlow server takes it (`POST /api/v1/traces`). Types only; `check-captureflow-json.ts` has the rules. */

/** A value as Python's client writes it: its type as text, and its JSON, or `str(value)` where it has none, as a string. */
export interface SerializedObject {
  /** For example `<class 'dict'>`. */
  readonly python_type: string;
  readonly json_serialized: string;
}

export interface CallArguments {
  readonly args: readonly SerializedObject[];
  readonly kwargs: Readonly<Record<string, SerializedObject>>;
}

interface EventBase {
  /** UUID. */
  readonly id: string;
  /** Local time without zone, ISO 8601 with microseconds. */
  readonly timestamp: string;
  readonly function: string;
  /** Of a call: the id of the parent's call, null at the top. Of any other event: the id of its own call. */
  readonly caller_id: string | null;
  readonly file: string;
  readonly line: number;
  /** May be ''. */
  readonly source_line: string;
  readonly tag: 'STDLIB' | 'LIBRARY' | 'INTERNAL';
}

export interface CallEvent extends EventBase {
  readonly event: 'call';
  readonly arguments: CallArguments;
  /** What the call will return; a placeholder when it threw or did not end. */
  readonly return_value: SerializedObject;
}

export interface ReturnEvent extends EventBase {
  readonly event: 'return';
  readonly return_value: SerializedObject;
}

/** Always followed by a `return` of null of the same call. */
export interface ExceptionEvent extends EventBase {
  readonly event: 'exception';
  readonly exception_info: { readonly type: string; readonly value: string; readonly traceback: readonly string[] };
}

export type CaptureFlowEvent = CallEvent | ReturnEvent | ExceptionEvent;

export interface CaptureFlowTrace {
  readonly invocation_id: string;
  readonly timestamp: string;
  readonly endpoint: string;
  readonly input: CallArguments;
  readonly execution_trace: readonly CaptureFlowEvent[];
  /** Absent when the endpoint threw or did not end. */
  readonly output?: { readonly result: SerializedObject };
  readonly call_stack: readonly unknown[];
  readonly log_filename: string;
}
