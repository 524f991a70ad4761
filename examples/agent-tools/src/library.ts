/** The plain JavaScript library, function by function made visible: no plugin touches `lib/`, so this file says what to trace. */
import { trace } from '@captureflow/runtime';
import { evaluate } from '#lib/calculator.js';
import { convert } from '#lib/exchange.js';
import { TextIndex } from '#lib/text-search.js';

/** A function: wrap it. Its name, its parameters and what it throws are kept. */
export const tracedEvaluate: typeof evaluate = trace(evaluate);

/** A function that returns a promise: `settled` records what the promise becomes instead of the promise. */
export const tracedConvert: typeof convert = trace({ name: 'exchange.convert', settled: true }, convert);

/** A class: decorate the methods that matter. */
export class TracedIndex extends TextIndex {
  /* captureflow:off (the decorator reports it already) */
  @trace('index.search')
  override search(query: string, limit: number): ReturnType<TextIndex['search']> {
    return super.search(query, limit);
  }
}
