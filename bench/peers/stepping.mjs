/**
 * The debugger's protocol, stepping into everything that this thread runs, driven by a worker: what a tracer without instrumentation would do. A step takes
 * milliseconds, so a few seconds of it are measured and the calls in them counted, by the depth of the stack at each pause.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const STEPPING_MS = 5000;

const STEPPER = `
  const { Session } = require('node:inspector');
  const { parentPort } = require('node:worker_threads');
  const session = new Session();
  session.connectToMainThread();
  let calls = 0;
  let depth = Infinity;
  let begun;
  session.on('Debugger.paused', ({ params: { callFrames } }) => {
    begun ??= performance.now();
    if (callFrames.length > depth) calls += callFrames.length - depth;
    depth = callFrames.length;
    const ms = performance.now() - begun;
    if (ms < ${STEPPING_MS} || calls === 0) return session.post('Debugger.stepInto');
    parentPort.postMessage({ calls, ms });
    session.post('Debugger.disable');
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause', () => parentPort.postMessage('stepping'));
  // A session alone keeps no thread alive.
  parentPort.on('message', () => {});
`;

export async function prepare() {
  process.env.CAPTUREFLOW = 'off';
  return { measure };
}

async function measure(batch) {
  // Compiled, as the others are when they are measured.
  for (let i = 0; i < 20; i++) await batch();
  const stepper = new Worker(STEPPER, { eval: true });
  await once(stepper, 'message');
  const used = process.cpuUsage();
  const answer = once(stepper, 'message');
  let over = false;
  answer.then(() => (over = true));
  while (!over) {
    await batch();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [{ calls, ms }] = await answer;
  const { user, system } = process.cpuUsage(used);
  await stepper.terminate();
  return { nsPerCall: (ms * 1e6) / calls, cpuPerCall: ((user + system) * 1000) / calls };
}
