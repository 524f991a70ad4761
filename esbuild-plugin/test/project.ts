/** Projects on a disk for the plugin's tests, with a runtime that counts. Not a test. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROBE_NAMES } from '@captureflow/core';

export interface TestProject {
  readonly folder: string;
  write(name: string, text: string): void;
  path(name: string): string;
  /** What a program prints, line by line. */
  run(name: string): readonly string[];
  remove(): void;
}

/** `files`: text by name. The runtime prints `enter` with the number of the span when the process ends. */
export function createTestProject(files: Readonly<Record<string, string>>, withRuntime = true): TestProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'captureflow-esbuild-')));
  const path = (name: string): string => join(folder, name);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  if (withRuntime) writeRuntime(write);
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    folder,
    write,
    path,
    run: (name) =>
      execFileSync(process.execPath, [path(name)], { encoding: 'utf8', cwd: folder })
        .trimEnd()
        .split('\n'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function writeRuntime(write: (name: string, text: string) => void): void {
  const count = `globalThis.entered ??= (process.on('exit', () => console.log('entered ' + globalThis.entered)), 0);`;
  const body = (name: string): string =>
    name === 'gates'
      ? 'return new Int32Array(values[0]);'
      : name === 'register'
        ? 'return 1;'
        : name.startsWith('enter')
          ? 'return ++globalThis.entered;'
          : 'return values[1];';
  const at = 'node_modules/@captureflow/runtime';
  write(
    `${at}/package.json`,
    JSON.stringify({ name: '@captureflow/runtime', exports: { './probe-1': { import: './probe-1.mjs', require: './probe-1.cjs' } } }),
  );
  write(`${at}/probe-1.mjs`, `${count}\n${PROBE_NAMES.map((name) => `export function ${name}(...values) { ${body(name)} }`).join('\n')}\n`);
  write(`${at}/probe-1.cjs`, `${count}\n${PROBE_NAMES.map((name) => `exports.${name} = (...values) => { ${body(name)} };`).join('\n')}\n`);
}
