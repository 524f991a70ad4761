/** What the builds of bundled packages share: an empty `dist`, and the checks on what went into it. Must not know a package. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Empties `dist` under `folder`, but for the declarations that `tsc -b` keeps there. */
export function emptyDist(folder) {
  const dist = join(folder, 'dist');
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist)) if (name !== '.types') rmSync(join(dist, name), { recursive: true });
  return dist;
}

/**
 * Rolldown plugin: a package that was left unbundled and is none of `dependencies` would be missing where the bundle is installed.
 * @param {readonly string[]} dependencies
 */
export function refuseExternals(dependencies = []) {
  return {
    name: 'refuse-externals',
    generateBundle(_options, bundle) {
      const imported = Object.values(bundle).flatMap((chunk) => chunk.imports ?? []);
      const foreign = imported.filter(
        (specifier) => !specifier.startsWith('node:') && !dependencies.includes(specifier) && !(specifier in bundle),
      );
      if (foreign.length > 0) this.error(`neither bundled nor a dependency: ${foreign.join(', ')}`);
    },
  };
}

/** Rolldown plugin: the licences of the bundled packages ask to travel with the code. */
export function addLicences() {
  return {
    name: 'add-licences',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((chunk) => chunk.moduleIds ?? []);
      const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []));
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
