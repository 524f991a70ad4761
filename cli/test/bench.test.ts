import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitCommand } from '../src/bench-run/split-command.ts';
import { measureVariants } from '../src/bench-run/measure-variants.ts';
import type { Variant } from '../src/bench-run/bench-program.ts';
import type { Sample } from '../src/bench-run/run-once.ts';
import { Workbench } from './workbench.ts';

const APP = `
function add(a, b) { return a + b; }
let sum = 0;
for (let i = 0; i < 1000; i++) sum = add(sum, i);
if (process.argv.includes('--fail')) throw new Error('the disk is full');
console.log(sum);
`;

/** What a run used, as the processes of a command tell it. */
const sample = (cpuMs: number, calls = 10): Sample => ({
  cpuMs,
  wallMs: cpuMs,
  peakMb: 50,
  processes: [{ pid: 1, node: 'v0', cpuMs, peakMb: 50, instrumented: calls > 0, calls, spans: calls }],
});

/** A machine on which each run of a variant takes the next of its times, and then the last of them again. */
const machine = (times: Readonly<Record<string, readonly number[]>>) => {
  const left = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, [...list]]));
  return async ({ name }: Variant): Promise<Sample> => {
    const list = left[name] ?? [];
    return sample((list.length > 1 ? list.shift() : list[0]) ?? 0);
  };
};
const judge = async (times: Readonly<Record<string, readonly number[]>>, budget: { on?: number; off?: number }) => {
  const program = { name: 'app', command: ['node', 'app.js'], plain: ['node', 'plain.js'], budget };
  return (await measureVariants(program, 5, machine(times), () => {})).budgets.map(({ verdict }) => verdict);
};

describe('a budget of a program', () => {
  test('is kept by what costs less and broken by what costs more', async () => {
    const times = { plain: [1000], control: [1010], off: [1040], on: [1300] };
    expect(await judge(times, { on: 1.5, off: 1.05 })).toEqual(['kept', 'kept']);
    expect(await judge(times, { on: 1.2, off: 1.01 })).toEqual(['broken', 'broken']);
  });

  test('is not broken by less than plain differs from plain', async () => {
    expect(await judge({ plain: [1000], control: [1200], off: [1000], on: [1300] }, { on: 1.2 })).toEqual(['kept within noise']);
  });

  test('is not judged where noise is wider than the effect and than the budget', async () => {
    const times = { plain: [1000], control: [1000, 700, 1300, 1400, 600], off: [1000], on: [1050] };
    expect(await judge(times, { on: 1.1 })).toEqual(['too noisy to tell']);
  });
});

describe('a command as one text', () => {
  test('is split at spaces outside of quotes', () => {
    expect(splitCommand(` node "my app.js" --name='a "b"' x"y\\"z" `)).toEqual(['node', 'my app.js', '--name=a "b"', 'xy"z']);
  });

  test('needs a word, and an end to each quote', () => {
    expect(() => splitCommand('  ')).toThrow('the command is empty');
    expect(() => splitCommand('node "app.js')).toThrow('has no end');
  });
});

describe('captureflow bench', () => {
  const place = new Workbench();
  beforeAll(async () => {
    place.write({ 'package.json': '{ "type": "module" }', 'src/app.js': APP });
    await place.installRuntime();
    await place.command('instrument', 'src', '-o', 'dist');
  });
  afterAll(() => place.remove());

  const bench = (...args: readonly string[]) => place.command('bench', '--rounds', '3', ...args);
  const measured = async (...args: readonly string[]) => {
    const { out, code, errors } = await bench('--json', ...args);
    expect({ code, errors: errors.replace(/^captureflow bench: .*\n/gm, '') }).toEqual({ code: 0, errors: '' });
    return (JSON.parse(out) as { programs: Awaited<ReturnType<typeof measureVariants>>[] }).programs;
  };

  test('compares a plain build with the instrumented one, off and recording', async () => {
    const [program] = await measured('--plain', 'node src/app.js', '--budget', '1000', '--', 'node', 'dist/app.js');
    expect(program?.variants.map(({ variant, instrumented, calls }) => [variant, instrumented, calls])).toEqual([
      ['plain', false, 0],
      ['control', false, 0],
      ['off', true, 0],
      ['on', true, 1000],
    ]);
    expect(program?.variants.every(({ cpuMs, wallMs, peakMb }) => cpuMs > 1 && wallMs > 1 && peakMb > 1)).toBe(true);
    expect(program?.budgets).toMatchObject([{ variant: 'on', atMost: 1000, verdict: 'kept' }]);
  });

  test('compares recording with recording off where no plain build is named, and says what that leaves out', async () => {
    const [program] = await measured('--', 'node', 'dist/app.js');
    expect(program?.variants.map(({ variant, calls }) => [variant, calls])).toEqual([
      ['plain', 0],
      ['control', 0],
      ['on', 1000],
    ]);
    expect(program?.warnings.join()).toContain('with recording off');
  });

  test('leaves no trace of its runs, and no trace of others is touched', async () => {
    place.write({ '.captureflow/traces-20200101T000000.000Z-1.cft': 'somebody else' });
    await measured('--', 'node', 'dist/app.js');
    expect(place.list('.captureflow').filter((name) => name.endsWith('.cft'))).toEqual(['traces-20200101T000000.000Z-1.cft']);
    await measured('--keep-traces', '--', 'node', 'dist/app.js');
    expect(place.list('.captureflow').filter((name) => name.endsWith('.cft')).length).toBe(1 + 4);
    place.delete('.captureflow');
  });

  test('refuses a program that is not instrumented, whose budget would be kept for ever', async () => {
    expect(await bench('--budget', '1.5', '--', 'node', 'src/app.js')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('"node src/app.js" is not instrumented') as string,
    });
  });

  test('fails when a budget is broken, and says so in the report', async () => {
    const { code, errors, out } = await bench('--budget', '0.01', '--markdown', 'report.md', '--', 'node', 'dist/app.js');
    expect({ code, broken: /recording costs \d+\.\d+ times plain, budget 0\.01 .*: broken/.test(errors) }).toEqual({
      code: 1,
      broken: true,
    });
    expect(out).toContain('budget broken');
    expect(place.read('report.md')).toMatch(/^### What recording costs dist\/app\.js\n\n\| [\s\S]*budget broken[\s\S]*<sub>Node v\d+/);
  });

  test('shows what a program said that failed', async () => {
    expect(await bench('--', 'node', 'dist/app.js', '--fail')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('the disk is full') as string,
    });
  });

  test('stops a program that does not end', async () => {
    place.write({ 'dist/wait.js': 'setInterval(() => {}, 1000);' });
    expect(await bench('--timeout', '0.5', '--', 'node', 'dist/wait.js')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('did not end within 0.5 seconds') as string,
    });
  });

  test('says of a command that cannot be started, or that is no Node program, why there are no figures', async () => {
    expect((await bench('--', 'no-such-command')).errors).toContain('"no-such-command" cannot be started');
    expect((await bench('--', 'git', '--version')).errors).toContain('ran no Node process that came to its end');
  });

  test('measures the programs of a file, each with its own budget', async () => {
    const programs = {
      sums: { command: 'node dist/app.js', plain: ['node', 'src/app.js'], budget: { on: 1000, off: 1000 } },
      other: { command: 'node dist/app.js', env: { CAPTUREFLOW_LEVEL: 'calls' }, budget: 1000 },
    };
    place.write({ 'captureflow.bench.json': JSON.stringify({ programs }) });
    expect((await measured()).map(({ name, budgets }) => [name, budgets.map(({ variant }) => variant)])).toEqual([
      ['sums', ['on', 'off']],
      ['other', ['on']],
    ]);
    expect((await measured('--only', 'other')).map(({ name }) => name)).toEqual(['other']);
    expect(await bench('--only', 'none')).toMatchObject({ code: 2, errors: expect.stringContaining('there are sums, other') as string });
  });

  test.each([
    ['{', 'is no JSON'],
    ['{ "programs": {} }', 'programs is empty'],
    ['{ "program": {} }', 'the file has an unknown key "program"; there are programs'],
    ['{ "programs": { "a": { "command": 3 } } }', 'programs.a.command must be a command such as "node app.js"'],
    ['{ "programs": { "a": { "command": "x", "budgets": 1 } } }', 'programs.a has an unknown key "budgets"'],
    ['{ "programs": { "a": { "command": "x", "budget": { "on": -1 } } } }', 'programs.a.budget.on must be a number over 0'],
    ['{ "programs": { "a": { "command": "x", "budget": { "off": 1.1 } } } }', '"off" needs a plain program'],
    ['{ "programs": { "a": { "command": "x", "plain": "y", "register": true } } }', 'has both "plain" and "register"'],
  ])('refuses the file %s', async (text, problem) => {
    place.write({ 'wrong.json': text });
    expect(await bench('--config', 'wrong.json')).toMatchObject({ code: 2, errors: expect.stringContaining(problem) as string });
  });

  test.each([
    [['--budget', 'much', '--', 'node', 'a.js'], '--budget much is neither a number over 0'],
    [['--budget', 'off=1.1', '--', 'node', 'a.js'], '--budget off=… needs a plain program'],
    [['--rounds', '2', '--', 'node', 'a.js'], '--rounds must be a whole number from 3 on'],
    [['--plain', 'node b.js', '--config', 'x.json'], '--plain belongs to a command'],
    [['--config', 'none.json'], 'what shall be measured?'],
  ])('refuses %j', async (args, problem) => {
    expect(await bench(...args)).toMatchObject({ code: 2, errors: expect.stringContaining(problem) as string });
  });

  test('has its witness where it looks for it', async () => {
    const { WITNESS } = await import('../src/witness-file.ts');
    expect(existsSync(WITNESS)).toBe(true);
  });
});
