/** One thing that was looked at. */
export interface Finding {
  readonly title: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail?: string;
  /** What to do. */
  readonly fix?: string;
}
