/**
 * `node scripts/check-declarations.mjs <package>`: the types that a user imports name only packages that come with it: its dependencies
 * and the peers that it must have. What an optional peer declares fails the user's build where `skipLibCheck` is off.
 */
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { ROOT } from './run.mjs';

const folder = join(ROOT, process.argv[2] ?? '');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const optional = Object.keys(manifest.peerDependenciesMeta ?? {});
const known = new Set([
  manifest.name,
  ...Object.keys(manifest.dependencies ?? {}),
  ...Object.keys(manifest.peerDependencies ?? {}).filter((name) => !optional.includes(name)),
]);

/** Who takes these entries has a compiler, or nothing to take them for. */
const HAS_TYPESCRIPT = ['./nest', './ts-jest'];

const problems = [];
const seen = new Set();
for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
  if (HAS_TYPESCRIPT.includes(entry)) known.add('typescript');
  for (const types of typesOf(target)) visit(join(folder, types));
  if (HAS_TYPESCRIPT.includes(entry)) known.delete('typescript');
}
for (const problem of problems) console.log(problem);
if (seen.size === 0) console.log(`${manifest.name} exports no types`);
process.exitCode = problems.length === 0 && seen.size > 0 ? 0 : 1;

/** Conditions may lie in each other. */
function typesOf(target) {
  if (typeof target === 'string') return [];
  return Object.entries(target).flatMap(([condition, inner]) => (condition === 'types' ? [inner] : typesOf(inner)));
}

function visit(file) {
  if (seen.has(file)) return;
  seen.add(file);
  for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
    if (fileName.startsWith('.')) visit(declarationOf(resolve(dirname(file), fileName)));
    else if (!isKnown(fileName)) problems.push(`${relative(ROOT, file)} imports ${fileName}, which a user need not have`);
  }
}

function isKnown(specifier) {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return true;
  return known.has(specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
}

function declarationOf(file) {
  const answer = [file.replace(/\.([cm]?)[jt]s$/, '.d.$1ts'), file, `${file}.d.ts`].find(
    (path) => /\.d\.[cm]?ts$/.test(path) && existsSync(path),
  );
  if (answer === undefined) throw new Error(`no declarations for ${file}`);
  return answer;
}
