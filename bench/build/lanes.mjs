/**
 * What may be done with one text, maps included: each lane loads what it needs only, so that a process measures one of them.
 * A lane's function returns the length of what it made.
 */
import { OUTPUT } from './inputs.mjs';

/** The files lie under `node_modules`, which is left out by default. */
const root = OUTPUT;

const babel = (plugins) => async () => {
  const { default: core } = await import('@babel/core');
  const chosen = await plugins();
  return (code, filename) => {
    const result = core.transformSync(code, {
      filename,
      plugins: chosen,
      sourceMaps: true,
      babelrc: false,
      configFile: false,
      compact: false,
      sourceType: filename.endsWith('.mjs') ? 'module' : 'script',
    });
    return result.code.length + JSON.stringify(result.map).length;
  };
};

export const LANES = {
  parse: async () => {
    const { parseSync } = await import('oxc-parser');
    return (code, filename) =>
      parseSync(filename, code, { lang: 'jsx', sourceType: filename.endsWith('.mjs') ? 'module' : 'commonjs' }).program.end;
  },
  text: async () => {
    const { instrument } = await import('@captureflow/esbuild-plugin');
    return (code, filename) => {
      const { code: text, map } = instrument(code, { filename, root });
      return text.length + map.toString().length;
    };
  },
  'babel, no plugin': babel(async () => []),
  'babel-plugin': babel(async () => [[(await import('@captureflow/babel-plugin')).default, { root }]]),
  istanbul: babel(async () => {
    const { default: istanbul } = await import('babel-plugin-istanbul');
    return [[istanbul.default ?? istanbul, { cwd: root, exclude: [], excludeNodeModules: false }]];
  }),
};
