import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workbench } from './workbench.ts';

const bench = new Workbench();
let script = '';

beforeAll(async () => {
  bench.write({ 'traces/a.cft': '' });
  script = (await bench.command('completion', 'bash')).out;
});
afterAll(() => bench.remove());

/** What bash would offer for the last of `words`. */
function offered(...words: readonly string[]): string[] {
  const ask = `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _captureflow; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-c', ask, 'bash', ...words], { cwd: bench.folder, encoding: 'utf8' });
  return out.split('\n').filter((line) => line !== '');
}

describe('captureflow completion', () => {
  test('bash completes commands', () => {
    expect(offered('captureflow', 't')).toEqual(['tree', 'top']);
    expect(offered('captureflow', 'help', 'do')).toEqual(['doctor']);
  });

  test('bash completes the options of the command that is typed', () => {
    expect(offered('captureflow', 'run', '--')).toEqual(['--level', '--open', '--help']);
    expect(offered('captureflow', 'export', '-')).toContain('-o');
  });

  test('bash completes the values of options and arguments that have a list of them', () => {
    expect(offered('captureflow', 'run', '--level', 'l')).toEqual(['locals', 'lines']);
    expect(offered('captureflow', 'export', '--to', 'c')).toEqual(['captureflow', 'chrome', 'cpuprofile']);
    expect(offered('captureflow', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('bash is left to complete file names where nothing else is known', () => {
    expect(script).toContain('complete -o default -F _captureflow captureflow\n');
    expect(offered('captureflow', 'view', 'tr')).toEqual([]);
    expect(offered('captureflow', 'export', '-o', '')).toEqual([]);
    expect(offered('captureflow', 'run', '--', 'no')).toEqual([]);
  });

  test('zsh reads the same by its own means, fish gets a line for each command and option', async () => {
    expect((await bench.command('completion', 'zsh')).out).toBe(`autoload -Uz bashcompinit && bashcompinit\n${script}`);
    const fish = (await bench.command('completion', 'fish')).out;
    expect(fish).toContain(
      "complete -c captureflow -n '__fish_seen_subcommand_from run' -l level -x -a 'calls values locals lines' -d 'how much to record'\n",
    );
    expect(fish).toContain(' -s o -l out -r -d ');
  });

  test('refuses a shell that it does not know', async () => {
    expect(await bench.command('completion', 'ksh')).toMatchObject({ code: 2, out: '' });
  });
});
