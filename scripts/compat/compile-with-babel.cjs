/** One case's file through an installed Babel with its presets; throws what Babel throws. */
const TARGETS = { ES5: { ie: '11' }, ES2015: { node: '6' }, ES2022: { node: '18' } };

/** Cases in which the plain build is another program than the source, by the reason. */
const LEFT_OUT = { 'directive/strict': "Babel prints ('use strict') as a directive" };

module.exports = (requireThere) => {
  const load = (name) => requireThere(name).default ?? requireThere(name);
  const babel = requireThere('@babel/core');
  const captureflow = load('@captureflow/babel-plugin');
  const alone = { configFile: false, babelrc: false };
  return { targets: Object.keys(TARGETS), leftOut: LEFT_OUT, compile };

  function compile(code, { fileName, home, options, target, level }) {
    const isTypescript = /\.[cm]?tsx?$/.test(fileName);
    const isLegacy = options.compilerOptions?.experimentalDecorators === true;
    const plugins = level === undefined ? [] : [[captureflow, { ...options.options, level, root: home }]];
    if (/^\s*@\w|\s@\w+[\s(]/m.test(code))
      plugins.push([load('@babel/plugin-proposal-decorators'), { version: isLegacy ? 'legacy' : newestDecorators() }]);
    return babel.transformSync(code, {
      ...alone,
      filename: fileName,
      sourceType: isTypescript ? 'module' : 'unambiguous',
      compact: false,
      plugins,
      presets: [
        [load('@babel/preset-env'), { targets: TARGETS[target], modules: 'commonjs' }],
        ...(/x$/.test(fileName) ? [[load('@babel/preset-react'), { runtime: 'classic', development: false }]] : []),
        // Babel 8 always allows what 7 has to be told.
        ...(isTypescript ? [[load('@babel/preset-typescript'), babel.version.startsWith('7.') ? { allowDeclareFields: true } : {}]] : []),
      ],
    }).code;
  }

  function newestDecorators() {
    for (const version of ['2023-11', '2023-05', '2022-03']) {
      try {
        babel.transformSync('', { ...alone, plugins: [[load('@babel/plugin-proposal-decorators'), { version }]] });
        return version;
      } catch {
        // Next older one.
      }
    }
    throw new Error('no version of decorators fits');
  }
};
