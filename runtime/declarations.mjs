/**
 * Self-contained declarations: the files that the two entries reach, of this package and of those that are bundled into it,
 * copied into `dist` as `.d.ts` and `.d.cts` twins with specifiers that resolve there. Reads what `tsc -b` wrote.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

const PACKAGES = join(import.meta.dirname, '..');

/** Folder of a package's declarations, and where they stand in `dist`. */
const SOURCES = {
  runtime: { from: 'runtime/dist/.types', to: '.' },
  trace: { from: 'trace/dist', to: 'trace' },
  core: { from: 'core/dist', to: 'core' },
};

const SPECIFIER = /(\bfrom\s*|\bimport\s*\(\s*)(['"])([^'"]+)\2/g;

export function writeDeclarations(dist) {
  const files = new Map();
  for (const entry of ['index', 'probe-1']) collect('runtime', entry, files);
  for (const { target, text, imports } of files.values()) {
    for (const [extension, declaration] of [['.js', '.d.ts'], ['.cjs', '.d.cts']]) {
      const path = join(dist, target + declaration);
      mkdirSync(dirname(path), { recursive: true });
      const code = text.replace(SPECIFIER, (match, before, quote, specifier) => {
        const imported = imports.get(specifier);
        return imported === undefined ? match : `${before}${quote}${relative(target, imported)}${extension}${quote}`;
      });
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
  const imports = new Map();
  files.set(target, { target, text, imports });
  for (const [, , , specifier] of text.matchAll(SPECIFIER)) {
    const own = /^@captureflow\/(\w+)(?:\/([\w-]+))?$/.exec(specifier);
    if (own !== null) imports.set(specifier, collect(own[1], own[2] ?? 'index', files));
    else if (specifier.startsWith('.')) {
      imports.set(specifier, collect(owner, posix.join(posix.dirname(name), specifier.replace(/\.[jt]s$/, '')), files));
    } else throw new Error(`${target}: the declaration imports ${specifier}, which users may not have`);
  }
  return target;
}

function relative(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}
