/**
 * Builds `dist`: one ES module with core and trace inside (Node 20.20 and later load it with `require` as well), its declarations, and
 * the licences of what is bundled. The parser, magic-string and the source map packages stay dependencies. Run `tsc -b` before.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { writeDeclarations } from '../scripts/write-declarations.mjs';

const dist = join(import.meta.dirname, 'dist');
mkdirSync(dist, { recursive: true });
for (const name of readdirSync(dist)) if (name !== '.types') rmSync(join(dist, name), { recursive: true });

const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));

await build({
  cwd: import.meta.dirname,
  input: 'src/index.ts',
  platform: 'node',
  external: Object.keys(dependencies),
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
  plugins: [refuseExternals(), licences()],
  output: { file: 'dist/index.js', format: 'esm' },
});
writeDeclarations('esbuild-plugin', ['index'], ['.js'], ['esbuild', ...Object.keys(dependencies)]);

/** A package left unbundled that is no dependency would be missing where the plugin is installed. */
function refuseExternals() {
  return {
    name: 'refuse-externals',
    generateBundle(_options, bundle) {
      const foreign = bundle['index.js'].imports.filter((specifier) => !specifier.startsWith('node:') && !(specifier in dependencies));
      if (foreign.length > 0) this.error(`neither bundled nor a dependency: ${foreign.join(', ')}`);
    },
  };
}

/** The licences of the bundled packages ask to travel with the code. */
function licences() {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const folders = new Set(bundle['index.js'].moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []));
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
