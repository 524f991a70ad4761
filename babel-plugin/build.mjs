/**
 * Builds `dist`: one self-contained CommonJS file (Babel 7 loads its plugins synchronously with `require`, and Babel 8 takes CommonJS as well), its
 * declarations, and the licences of what is bundled. `@babel/core` is never imported: the plugin works with the API it is handed. Run `tsc -b` before.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { writeDeclarations } from '../scripts/write-declarations.mjs';

const dist = join(import.meta.dirname, 'dist');
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) if (name !== '.types') rmSync(join(dist, name), { recursive: true });

await build({
  cwd: import.meta.dirname,
  input: 'src/index.ts',
  platform: 'node',
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
  plugins: [refuseExternals(), licences()],
  output: { file: 'dist/index.cjs', format: 'cjs', exports: 'named' },
});
writeDeclarations('babel-plugin', ['index'], ['.cjs']);

/** A package left unbundled would be a dependency that no user has. */
function refuseExternals() {
  return {
    name: 'refuse-externals',
    generateBundle(_options, bundle) {
      const foreign = bundle['index.cjs'].imports.filter((specifier) => !specifier.startsWith('node:'));
      if (foreign.length > 0) this.error(`not bundled: ${foreign.join(', ')}`);
    },
  };
}

/** The licences of the bundled packages ask to travel with the code. */
function licences() {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const folders = new Set(bundle['index.cjs'].moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []));
      const source = [...folders].sort().map((folder) => {
        const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
        const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
        if (file === undefined || !existsSync(join(folder, file))) this.error(`${name} has no licence file`);
        return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
      });
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source: source.join('\n----\n\n') });
    },
  };
}
