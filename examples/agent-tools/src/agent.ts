/** The loop: ask the model, run the tools it wants, tell it what they said, until it answers. */
import type { Message } from './conversation.ts';
import { askModel } from './scripted-model.ts';
import type { ToolBox } from './tool-box.ts';

const MAX_TURNS = 8;

/** @throws Error when the model does not come to an answer */
export async function runAgent(question: string, tools: ToolBox): Promise<string> {
  const conversation: Message[] = [{ role: 'user', text: question }];
  for (let turn = 1; turn <= MAX_TURNS; turn++) {
    const reply = await askModel(conversation);
    if (reply.kind === 'answer') return reply.text;
    const results = await tools.runAll(reply.calls);
    conversation.push({ role: 'model', calls: reply.calls }, ...results);
  }
  throw new Error(`no answer after ${MAX_TURNS} turns`);
}
