/** The command in a terminal: a real one, made by util-linux's `script`, whose Ctrl-C goes to all that runs in it. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useRealCommand } from './collector/real-command.ts';
import { segment, traceFile } from './collector/sample-traces.ts';
import { Workbench } from './workbench.ts';

const CTRL_C = '\u0003';
const work = useRealCommand();

beforeEach(() => mkdirSync(join(work.folder, '.captureflow')));

interface Ended {
  readonly code: number | null;
  readonly shown: string;
}

/** Types `keys` when `until` is shown. */
function inTerminal(
  args: readonly string[],
  { until = '', keys = '', env = {} }: { until?: string; keys?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const line = [process.execPath, work.program, ...args].map((each) => `'${each}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 60; exec ${line}`, '/dev/null'], {
    cwd: work.folder,
    env: { ...process.env, NODE_OPTIONS: '', TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    let shown = '';
    let typed = false;
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (typed || until === '' || !shown.includes(until)) return;
      typed = true;
      child.stdin.write(keys);
    });
    child.on('close', (code) => resolve({ code, shown: shown.replaceAll('\r\n', '\n') }));
  });
}

describe("in a terminal (needs util-linux's script)", () => {
  it('view and serve end at Ctrl-C, at once and without an error', async () => {
    const [view, serve] = await Promise.all([
      inTerminal(['view', '--port', '0', '--no-open'], { until: 'Open', keys: CTRL_C }),
      inTerminal(['serve', '--port', '0', '--no-open'], { until: 'Collecting', keys: CTRL_C }),
    ]);
    expect([view.code, serve.code]).toEqual([0, 0]);
  });

  it('run sums up what a program did that is ended by Ctrl-C, and ends as it did: 130', async () => {
    installRecorder();
    writeFileSync(
      join(work.folder, 'wait.js'),
      "function begin() { return 1; }\nbegin();\nsetInterval(() => {}, 1000);\n// Before the first turn of the event loop a signal is the system's.\nsetTimeout(() => console.log('ready'), 20);\n",
    );
    const { code, shown } = await inTerminal(['run', '--', process.execPath, 'wait.js'], { until: 'ready', keys: CTRL_C });
    expect(shown).toMatch(/captureflow: 1 trace in \.captureflow:\n {2}wait\.js .* 2 calls\n/);
    expect(code).toBe(130);
  });

  it("run --open shows the page in the browser, and ends at Ctrl-C with the program's code", async () => {
    installRecorder();
    writeFileSync(join(work.folder, 'short.js'), 'function f() { return 3; }\nprocess.exitCode = f();\n');
    mkdirSync(join(work.folder, 'bin'));
    const browser = join(work.folder, 'bin', 'xdg-open');
    writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > '${join(work.folder, 'opened')}'\n`);
    chmodSync(browser, 0o755);
    const env = { PATH: `${join(work.folder, 'bin')}:${process.env['PATH'] ?? ''}` };
    const { code, shown } = await inTerminal(['run', '--open', '--', process.execPath, 'short.js'], {
      until: '1 trace in 1 file',
      keys: CTRL_C,
      env,
    });
    expect(code).toBe(3);
    const address = /Open (http\S+)/.exec(shown)?.[1];
    while (!existsSync(join(work.folder, 'opened'))) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readFileSync(join(work.folder, 'opened'), 'utf8')).toBe(address);
  });

  it('colours what it prints and keeps to the width; NO_COLOR and a pipe take the colours away', async () => {
    writeFileSync(join(work.folder, '.captureflow', 'a.cft'), traceFile(segment(1, { texts: ['word '.repeat(40)] })));
    const coloured = await inTerminal(['tree']);
    const plain = await inTerminal(['tree'], { env: { NO_COLOR: '1' } });
    const piped = spawnSync(process.execPath, [work.program, 'tree'], { cwd: work.folder, encoding: 'utf8' }).stdout;
    // oxlint-disable-next-line no-control-regex
    const escapes = /\u001b\[\d+m/g;
    expect(coloured.shown).toMatch(escapes);
    expect([coloured.shown.replace(escapes, ''), piped.includes('\u001b')]).toEqual([plain.shown, false]);
    expect(Math.max(...plain.shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

function installRecorder(): void {
  new Workbench(work.folder).installBuilt('hosts', 'runtime');
  writeFileSync(join(work.folder, 'package.json'), '{ "type": "module" }');
}
