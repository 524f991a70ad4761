/** One case's file through an installed esbuild and the real plugin; rejects with what esbuild reports. */
const { basename, dirname } = require('node:path');

/** esbuild makes no ES5. */
const TARGETS = { ES2015: 'es2017', ES2022: 'es2022' };

/** Cases in which the plain build is another program than the source, by the reason. */
const LEFT_OUT = { 'directive/strict': "esbuild prints ('use strict') and what stands after other statements as directives" };

module.exports = (requireThere) => {
  const esbuild = requireThere('esbuild');
  // An ES module: from `require` on Node below 22.12 only through import().
  const plugin = import(requireThere.resolve('@captureflow/esbuild-plugin'));
  return { targets: Object.keys(TARGETS), leftOut: LEFT_OUT, compile };

  async function compile(_code, { fileName, home, options, target, level }) {
    const { captureflow } = await plugin;
    const { outputFiles } = await esbuild.build({
      entryPoints: [fileName],
      absWorkingDir: dirname(fileName),
      outdir: 'out',
      entryNames: basename(fileName).replace(/\.[^.]*$/, ''),
      write: false,
      bundle: false,
      format: 'cjs',
      platform: 'node',
      target: TARGETS[target],
      loader: { '.js': 'jsx' },
      tsconfigRaw: { compilerOptions: options.compilerOptions ?? {} },
      logLevel: 'silent',
      plugins: level === undefined ? [] : [captureflow({ ...options.options, level, root: home })],
    });
    return outputFiles[0].text;
  }
};
