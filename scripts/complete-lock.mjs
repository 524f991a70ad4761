/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out because its registry did not serve them: without
 * them `npm ci` refuses the lock file. Run after every `npm install` that changes it. Adds no integrity and no address: none is known here.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

const file = join(ROOT, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const [owner, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const found = resolve(owner, name);
    if (found !== undefined && (found.version === range || !/^\d/.test(range))) continue;
    // Another version stands where Node would look: this one goes into the owner's own folder.
    lock.packages[`${found === undefined ? '' : `${owner}/`}node_modules/${name}`] = describe(name, range);
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} packages of other platforms added`);

/** As Node resolves: in the owner's own folder, then in every folder above it. */
function resolve(owner, name) {
  for (let folder = owner; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const found = lock.packages[`${folder}${folder === '' ? '' : '/'}node_modules/${name}`];
    if (found !== undefined) return found;
    if (folder === '') return undefined;
  }
}

/** Platform packages carry their platform in their name: `@biomejs/cli-linux-x64-musl`, `fsevents` excepted. */
function describe(name, range) {
  const version = /\d+\.\d+\.\d+.*$/.exec(range)?.[0];
  if (version === undefined) throw new Error(`${name}: no version in the range ${range}`);
  const words = name === 'fsevents' ? ['darwin'] : name.split(/[-/]/);
  const os = OS.filter((word) => words.includes(word));
  const cpu = CPU.filter((word) => words.includes(word));
  if (os.length === 0 && cpu.length === 0) throw new Error(`${name}: its name tells no platform`);
  return { version, ...(cpu.length > 0 && { cpu }), dev: true, optional: true, ...(os.length > 0 && { os }) };
}
