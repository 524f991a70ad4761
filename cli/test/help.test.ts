import { describe, expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

const bench = new Workbench();
const NAMES = ['run', 'view', 'tree', 'top', 'diff', 'export', 'serve', 'instrument', 'doctor', 'check', 'bench', 'completion'];
bench.remove();

describe('the help', () => {
  test('lists every command', async () => {
    const { code, out } = await bench.command('--help');
    expect(code).toBe(0);
    expect([...out.matchAll(/^ {2}([a-z]+) (?:\[|<)/gm)].map(([, name]) => name)).toEqual([...NAMES, 'help']);
  });

  test.each(NAMES)('of %s gives examples that its own options understand, and says what each exit code means', async (name) => {
    const { code, out } = await bench.command(name, '--help');
    expect(code).toBe(0);
    const options = new Set(out.match(/(?<= )--?[a-z][a-z-]*/g));
    const examples = [...(/Examples:\n((?: {2}.*\n)+)/.exec(out)?.[1]?.matchAll(/captureflow (\S+)(.*)\n/g) ?? [])];
    expect(examples.length).toBeGreaterThan(0);
    for (const [, command, rest = ''] of examples) {
      expect(command).toBe(name);
      const [ours = ''] = rest.split(' -- ');
      for (const flag of ours.match(/(?<= )--?[a-z][a-z-]*/g) ?? []) expect(options).toContain(flag);
    }
    expect(out).toMatch(/\nExit codes: (0|the program's own).*2 wrong use/);
    // A line that was broken by hand is broken again by the terminal.
    expect(out.split('\n').filter((line) => line.length > 80 && !/^ {2}captureflow |^Exit codes:/.test(line))).toEqual([]);
  });
});

describe('a slip', () => {
  test.each([
    [['tre'], "captureflow: unknown command 'tre'\n(Did you mean tree?)\n(captureflow --help lists the commands)\n"],
    [['tree', '--las', '3'], "captureflow: unknown option '--las'\n(Did you mean --last?)\n(captureflow tree --help says more)\n"],
    [['diff', 'a'], "captureflow: missing required argument 'after'\n(captureflow diff --help says more)\n"],
    [
      ['top', '--by', 'sel'],
      expect.stringMatching(/^captureflow: option '--by <column>' argument 'sel' is invalid\. Allowed choices are self, total/),
    ],
    [['tree', '--last', '0'], expect.stringContaining("argument '0' is invalid. Say a whole number from 1 on.")],
    [['view', '--port', '99999'], 'captureflow: --port 99999: say a number from 0 to 65535\n'],
  ] as const)('%j is answered with what is wrong and what is near, on standard error, and code 2', async (args, errors) => {
    expect(await bench.command(...args)).toEqual({ code: 2, out: '', errors });
  });
});
