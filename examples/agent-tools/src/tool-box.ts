/** The tools that the model may call, each a thin layer over the library. */
import type { Message, ToolCall } from './conversation.ts';
import { TracedIndex, tracedConvert, tracedEvaluate } from './library.ts';

const GUIDE = [
  { title: 'Hostels in Lisbon', text: 'A bed in a hostel has a price of 28 EUR a night.' },
  { title: 'Lisbon city tax', text: 'Every guest pays 4 EUR city tax for each night.' },
  { title: 'Trams', text: 'Tram 28 climbs to the castle.' },
];

export class ToolBox {
  readonly #index = new TracedIndex(GUIDE);

  /** Runs tools at the same time; results in the order of the calls. */
  async runAll(calls: readonly ToolCall[]): Promise<Message[]> {
    const running: Promise<Message>[] = [];
    for (const call of calls) running.push(this.#run(call));
    return await Promise.all(running);
  }

  /** Runs one tool. A failure is a result too: the model is told and may try again. */
  async #run(call: ToolCall): Promise<Message> {
    try {
      const text = await this.#dispatch(call);
      return { role: 'tool', ok: true, text };
    } catch (error) {
      return { role: 'tool', ok: false, text: String(error) };
    }
  }

  async #dispatch(call: ToolCall): Promise<string> {
    switch (call.tool) {
      case 'search':
        return this.#index.search(call.query, 1)[0]?.text ?? 'nothing found';
      case 'calculate':
        return String(tracedEvaluate(call.expression));
      case 'convert':
        return String(await tracedConvert(call.amount, call.from, call.to));
    }
  }
}
