/** One question, one answer, one trace. */
import { runRoot } from '@captureflow/runtime';
import { runAgent } from './agent.ts';
import { ToolBox } from './tool-box.ts';

const question = 'Can six of us stay in a Lisbon hostel for three nights with £600?';
const answer = await runRoot('agent: a trip to Lisbon', () => runAgent(question, new ToolBox()));
console.log(question);
console.log(answer);
