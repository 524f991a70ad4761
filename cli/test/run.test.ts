import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTraces, readSegments, type Trace } from '@captureflow/trace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../src/run/run-program.ts';
import { Workbench } from './workbench.ts';

const bench = new Workbench();

beforeAll(() => {
  bench.installBuilt('hosts', 'runtime');
  bench.write({
    'package.json': '{ "type": "module" }',
    'app.js': `function add(a, b) { const sum = a + b; return sum; }
process.exitCode = add(3, 4);
`,
    'wait.js': `import { writeFileSync } from 'node:fs';
function begin() { return 1; }
process.on('SIGTERM', () => process.exit(begin() + 20));
setInterval(() => {}, 1000);
writeFileSync('ready', '');
`,
  });
});
afterAll(() => bench.remove());

function traces(): Trace[] {
  const folder = join(bench.folder, '.captureflow');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cft'))
    .flatMap((name) => buildTraces(readSegments(readFileSync(join(folder, name))).segments));
}

describe('captureflow run', () => {
  test('records the program at the level that was asked for, sums up, and ends with its exit code', async () => {
    const { code, out, errors } = await bench.command('run', '--level', 'lines', '--', process.execPath, 'app.js');
    expect({ code, out }).toEqual({ code: 7, out: '' });
    expect(errors).toMatch(/captureflow: 1 trace in \.captureflow:\n {2}app\.js +[\d.]+ .?s +1 call\n/);
    const spans = traces().flatMap((trace) => trace.spans);
    expect(spans.map((span) => span.function.name)).toEqual(['add']);
    expect(spans[0]?.lines.length).toBeGreaterThan(0);
    bench.delete('.captureflow');
  });

  test('passes a signal on to the program, and its answer back', async () => {
    const ended = runProgram([process.execPath, 'wait.js'], bench.folder, undefined);
    while (!bench.exists('ready')) await new Promise((resolve) => setTimeout(resolve, 50));
    // Calls the listeners of this process; a real signal would end the tests.
    process.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(21);
    expect(traces().flatMap((trace) => trace.spans.map((span) => span.function.name))).toContain('begin');
  });

  test('what the program begins names the script that began it', async () => {
    bench.write({
      'begins.js': "import { fork } from 'node:child_process';\nfunction begin() {\n  fork('begun.js');\n}\nbegin();\n",
      'begun.js': 'function begun() {}\nbegun();\n',
    });
    expect(await bench.command('run', '--', process.execPath, 'begins.js')).toMatchObject({ code: 0 });
    const [begins, begun] = ['begins.js', 'begun.js'].map((name) => traces().find(({ root }) => root.name === name));
    expect(begun?.root.parent).toEqual({ traceId: begins?.traceId, spanId: begins?.root.spanId });
    bench.delete('.captureflow');
  });

  test('says which packages are missing, and how to install them', async () => {
    const bare = new Workbench();
    try {
      const { code, errors } = await bare.command('run', '--', process.execPath, '--version');
      expect(code).toBe(1);
      expect(errors).toMatch(/cannot be found from .*: npm install -D @captureflow\/hosts @captureflow\/runtime\n$/);
    } finally {
      bare.remove();
    }
  });

  test('a command that is not there is an error in one sentence', async () => {
    const { code, errors } = await bench.command('run', '--', 'no-such-program');
    expect(code).toBe(1);
    expect(errors).toMatch(/^captureflow: "no-such-program" cannot be started: /);
  });

  test('refuses an unknown level, and nothing to run', async () => {
    expect(await bench.command('run', '--level', 'all', '--', 'node')).toMatchObject({ code: 2 });
    expect(await bench.command('run')).toMatchObject({ code: 2 });
  });
});
