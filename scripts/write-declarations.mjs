/**
 * Self-contained declarations for a bundled package: every declaration that its entries reach, its own and those of the workspace
 * packages bundled into it, copied into `dist` with specifiers that resolve there. Reads what `tsc -b` wrote; bundles no types.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { ROOT } from './run.mjs';

/**
 * @param {string} owner the package's folder, for example `transformer`
 * @param {readonly string[]} entries entry names, for example `index`
 * @param {readonly ('.js' | '.cjs')[]} formats `.js` writes `.d.ts`, `.cjs` writes `.d.cts`
 * @param {readonly string[]} peers packages that the user has, which may stay imported
 * Throws when a declaration imports anything else that the user may not have.
 */
export function writeDeclarations(owner, entries, formats, peers = []) {
  const files = new Map();
  const collect = (from, name) => {
    const target = from === owner ? name : `${from}/${name}`;
    if (files.has(target)) return target;
    const text = readFileSync(declaration(from, name), 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');
    const imports = [];
    files.set(target, { text, imports });
    for (const { fileName: specifier, pos } of ts.preProcessFile(text, true, true).importedFiles) {
      const add = (to) => imports.push({ at: text.indexOf(specifier, pos), length: specifier.length, to });
      const bundled = /^@captureflow\/(\w+)(?:\/([\w-]+))?$/.exec(specifier);
      if (bundled !== null) add(collect(bundled[1], bundled[2] ?? 'index'));
      else if (specifier.startsWith('.')) add(collect(from, posix.join(posix.dirname(name), specifier.replace(/\.[jt]s$/, ''))));
      else if (!peers.includes(specifier)) throw new Error(`${target}: the declaration imports ${specifier}, which users may not have`);
    }
    return target;
  };
  for (const entry of entries) collect(owner, entry);
  for (const [target, { text, imports }] of files) {
    for (const format of formats) {
      const path = join(ROOT, owner, 'dist', target + (format === '.cjs' ? '.d.cts' : '.d.ts'));
      mkdirSync(dirname(path), { recursive: true });
      const last = [...imports].sort((a, b) => b.at - a.at);
      const code = last.reduce(
        (done, { at, length, to }) => done.slice(0, at) + relative(target, to) + format + done.slice(at + length),
        text,
      );
      writeFileSync(path, code);
    }
  }
}

function declaration(owner, name) {
  const separate = join(ROOT, owner, 'dist/.types', `${name}.d.ts`);
  return existsSync(separate) ? separate : join(ROOT, owner, 'dist', `${name}.d.ts`);
}

function relative(from, to) {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}
