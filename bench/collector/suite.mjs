/** How many small traces a second does `captureflow serve` take, and how long do its list and its search take with 100,000 of them? */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'captureflow/measure';
import { smallTraces } from './small-traces.mjs';

const COMMAND = fileURLToPath(new URL('../../cli/dist/captureflow.js', import.meta.url));
const TRACES = 100_000;
/** Requests of the runtime's worker at once. */
const SENDERS = 2;
const QUESTIONS = {
  list: '',
  'list, errors (none)': 'error=1',
  'list, slow ones': 'minDuration=41',
  'list, a status': 'status=404',
  'list, part of a name that no trace has': 'name=xyz',
  'one order': 'text=ord_77777',
  'an address': 'text=c500%40example.com',
  'a word of every trace': 'text=order',
  'a letter': 'text=o',
  'three words of many': 'text=cust+paid+9',
  'a word of every trace, errors (none)': 'text=order&error=1',
  'a word of every trace, slow ones': 'text=order&minDuration=41',
  'a word of every trace, no such name': 'text=order&name=xyz',
};

export const name = 'collector';
export const cases = ['collector'];

export async function run({ node, rounds, print, progress }) {
  const folder = mkdtempSync(join(tmpdir(), 'captureflow-bench-'));
  const server = await serve(node, folder);
  try {
    const bodies = [...smallTraces(TRACES)];
    const taken = await flood(server, bodies, (done) => progress(`collector: ${done} of ${TRACES} traces`));
    const answers = [];
    for (const [question, query] of Object.entries(QUESTIONS)) {
      const times = [];
      let found = 0;
      for (let round = 0; round < Math.max(5, rounds); round++) {
        const before = performance.now();
        found = JSON.parse((await ask(server, 'GET', `/api/traces?${query}`)).toString()).traces.length;
        times.push(performance.now() - before);
      }
      answers.push({ question, found, median: median(times), least: Math.min(...times) });
    }
    const figures = [{ title: 'collector', ...taken, answers, diskBytes: statSync(join(folder, 'c.db')).size, load: loadavg()[0] }];
    const tables = [
      {
        title: `Taking ${TRACES} small traces (6 spans, ${(taken.rawBytes / TRACES).toFixed(0)} bytes each), in bodies of 128 KiB`,
        head: [
          'traces a second',
          'processor time of the collector a trace',
          'traces a second of processor time',
          'longest wait for an answer, ms',
          'on disk, bytes a trace',
        ],
        rows: [
          [
            taken.perSecond.toFixed(0),
            `${taken.cpuMicroseconds.toFixed(0)} us`,
            (1e6 / taken.cpuMicroseconds).toFixed(0),
            taken.longestMs.toFixed(0),
            (figures[0].diskBytes / TRACES).toFixed(0),
          ],
        ],
        notes: [`At least 5,000 a second. Load of the machine ${loadavg()[0].toFixed(1)}.`],
      },
      {
        title: `Asking among ${TRACES} traces, ms`,
        head: ['', 'rows', 'median', 'least'],
        rows: answers.map(({ question, found, median: middle, least }) => [question, String(found), middle.toFixed(0), least.toFixed(0)]),
        notes: ['At most 100 ms.'],
      },
    ];
    for (const table of tables) print(table);
    return { figures, tables, bars: [] };
  } finally {
    server.child.kill('SIGTERM');
    await server.ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

function serve(node, folder) {
  const child = spawn(node, [COMMAND, 'serve', '--port', '0', '--db', 'c.db', '--no-open'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const [, port, token] = /Open http:\/\/127\.0\.0\.1:(\d+)\/#token=(\S+)\n/.exec(text) ?? [];
      if (token !== undefined)
        resolve({ child, ended, port: Number(port), token, agent: new Agent({ keepAlive: true, maxSockets: SENDERS }) });
    });
    child.on('close', () => reject(new Error('the collector did not start')));
  });
}

async function flood(server, bodies, progress) {
  const cpuBefore = cpuMs(server.child.pid);
  const started = performance.now();
  let next = 0;
  let done = 0;
  let longestMs = 0;
  const send = async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const before = performance.now();
      await ask(server, 'POST', '/api/segments', body.body, { 'content-encoding': 'gzip' });
      longestMs = Math.max(longestMs, performance.now() - before);
      done += body.traces;
      progress(done);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
  const seconds = (performance.now() - started) / 1000;
  const cpu = cpuMs(server.child.pid) - cpuBefore;
  const rawBytes = bodies.reduce((sum, body) => sum + body.rawBytes, 0);
  return { seconds, perSecond: done / seconds, cpuMicroseconds: (cpu * 1000) / done, longestMs, rawBytes };
}

/** Of all threads. Linux only. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function ask({ port, token, agent }, method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, method, path, agent, headers: { authorization: `Bearer ${token}`, ...headers } },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          response.statusCode === 200
            ? resolve(Buffer.concat(chunks))
            : reject(new Error(`${response.statusCode}: ${Buffer.concat(chunks)}`)),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
