/** Stands for a language model: late like one, but it always follows the same plan. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message, Turn } from './conversation.ts';

const PEOPLE = 6;
const NIGHTS = 3;
const THINKING_MS = 4;

export async function askModel(conversation: readonly Message[]): Promise<Turn> {
  await sleep(THINKING_MS);
  const results = toolResults(conversation);
  const last = results.at(-1) ?? '';
  switch (results.length) {
    case 0:
      return { kind: 'tools', calls: [lookUp('hostel price a night'), lookUp('city tax')] };
    case 2:
      // A slip, as models make them: it writes a word where the calculator wants its number.
      return calculate(`${PEOPLE} * ${NIGHTS} * (${firstNumber(results[0])} + tax)`);
    case 3:
      return calculate(`${PEOPLE} * ${NIGHTS} * (${firstNumber(results[0])} + ${firstNumber(results[1])})`);
    case 4:
      return { kind: 'tools', calls: [{ tool: 'convert', amount: firstNumber(last), from: 'EUR', to: 'GBP' }] };
    default:
      return { kind: 'answer', text: `Yes: ${NIGHTS} nights for ${PEOPLE} cost £${last}.` };
  }
}

function toolResults(conversation: readonly Message[]): string[] {
  const results: string[] = [];
  for (const message of conversation) if (message.role === 'tool') results.push(message.text);
  return results;
}

function lookUp(topic: string): { tool: 'search'; query: string } {
  return { tool: 'search', query: `Lisbon ${topic}` };
}

function calculate(expression: string): Turn {
  return { kind: 'tools', calls: [{ tool: 'calculate', expression }] };
}

function firstNumber(text: string | undefined): number {
  return Number(/\d+(?:\.\d+)?/.exec(text ?? '')?.[0] ?? Number.NaN);
}
