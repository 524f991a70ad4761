/**
 * The JavaScript of the package. ES modules, and CommonJS for the tools that `require` what they are told to load; those load the
 * ES modules behind by Node's `require`, which every supported version has.
 */
import { defineConfig } from 'rolldown';

export const ESM = ['vite', 'vitest-setup', 'rollup', 'register', 'register-thread'];
export const CJS = ['webpack', 'jest', 'jest-setup', 'nest', 'ts-jest'];

const shared = {
  cwd: import.meta.dirname,
  platform: 'node',
  // Of the workspace only core is no package that users can install.
  external: (id) => !/^(?:\.|\/|[a-zA-Z]:|@captureflow\/(?:core|trace)(?:\/|$))/.test(id),
  resolve: { conditionNames: ['@captureflow/source', 'import', 'default'] },
};

const inputs = (names) => Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));

export default defineConfig([
  {
    ...shared,
    input: inputs(ESM),
    output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'shared-[name].js' },
  },
  {
    ...shared,
    input: inputs(CJS),
    output: { dir: 'dist', format: 'cjs', exports: 'named', entryFileNames: '[name].cjs', chunkFileNames: 'shared-[name].cjs' },
  },
]);
