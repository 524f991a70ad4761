import { count } from '@captureflow/trace';

/** `1 trace`, `1,234 traces`. For nouns whose plural is an `s`. */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
