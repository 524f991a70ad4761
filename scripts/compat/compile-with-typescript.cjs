/** One case's file through an installed TypeScript; throws an Error for syntax that this version does not know. */
module.exports = (requireThere) => {
  const ts = requireThere('typescript');
  const createTransformer = requireThere('@captureflow/transformer').default;
  return { targets: ['ES5', 'ES2015', 'ES2022'], compile };

  function compile(code, { fileName, home, options, target, level }) {
    const before = level === undefined ? [] : [createTransformer(undefined, { ...options.options, level, root: home }, { ts })];
    const own = ts.convertCompilerOptionsFromJson(options.compilerOptions ?? {}, home).options;
    const { diagnostics, outputText } = ts.transpileModule(code, {
      fileName,
      compilerOptions: {
        alwaysStrict: false,
        downlevelIteration: target === 'ES5',
        jsx: ts.JsxEmit.React,
        allowJs: true,
        ...own,
        target: ts.ScriptTarget[target],
        module: ts.ModuleKind.CommonJS,
      },
      transformers: { before },
      reportDiagnostics: true,
    });
    const problem = diagnostics.find((diagnostic) => diagnostic.code < 2000);
    if (problem !== undefined) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
    return outputText;
  }
};
