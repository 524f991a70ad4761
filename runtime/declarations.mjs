/**
 * Self-contained declarations: the files that the two entries reach, of this package and of those that are bundled into it,
 * copied into `dist` as `.d.ts` and `.d.cts` twins with specifiers that resolve there. Reads what `tsc -b` wrote.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

const PACKAGES = join(import.meta.dirname, '..');

/** Folder of a package's declarations, and where they stand in `dist`. */
const SOURCES = {
  runtime: { from: 'runtime/dist/.types', to: '.' },
  trace: { from: 'trace/dist', to: 'trace' },
  core: { from: 'core/dist', to: 'core' },
};

export function writeDeclarations(dist) {
  const files = new Map();
  for (const entry of ['index', 'probe-1', 'otel']) collect('runtime', entry, files);
  for (const { target, text, imports } of files.values()) {
    for (const [extension, declaration] of [
      ['.js', '.d.ts'],
      ['.cjs', '.d.cts'],
    ]) {
      const path = join(dist, target + declaration);
      mkdirSync(dirname(path), { recursive: true });
      let code = text;
      for (const { pos, end, imported } of imports.toReversed()) {
        // `pos` and `end` are those of the text without its first quote.
        code = `${code.slice(0, pos + 1)}${relative(target, imported)}${extension}${code.slice(end + 1)}`;
      }
      writeFileSync(path, code);
    }
  }
  // `module.exports` is the object itself, not a namespace.
  writeFileSync(
    join(dist, 'probe-1.d.cts'),
    `import type { Probes } from './core/probe-abi.cjs';\ndeclare const probes: Probes;\nexport = probes;\n`,
  );
}

function collect(owner, name, files) {
  const target = posix.join(SOURCES[owner].to, name);
  if (files.has(target)) return target;
  const text = readFileSync(join(PACKAGES, SOURCES[owner].from, `${name}.d.ts`), 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');
  const imports = [];
  files.set(target, { target, text, imports });
  for (const { fileName, pos, end } of ts.preProcessFile(text).importedFiles) {
    const own = /^@captureflow\/(\w+)(?:\/([\w-]+))?$/.exec(fileName);
    if (own === null && !fileName.startsWith('.'))
      throw new Error(`${target}: the declaration imports ${fileName}, which users may not have`);
    const imported =
      own === null
        ? collect(owner, posix.join(posix.dirname(name), fileName.replace(/\.[jt]s$/, '')), files)
        : collect(own[1], own[2] ?? 'index', files);
    imports.push({ pos, end, imported });
  }
  return target;
}

function relative(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}
