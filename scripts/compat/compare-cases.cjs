/**
 * Compiles the fixtures' cases with one installed TypeScript, plain and instrumented, runs both and compares what they log and
 * return. Usage: node compare-cases.cjs <folder with node_modules> <cases folder>. Prints `RESULT <json>` last.
 */
const { createRequire } = require('node:module');
const { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { inspect } = require('node:util');

const [folder, casesFolder] = process.argv.slice(2);
const requireThere = createRequire(join(folder, 'package.json'));
const ts = requireThere('typescript');
const createTransformer = requireThere('@captureflow/transformer').default;

const TARGETS = ['ES5', 'ES2015', 'ES2022'];
const LEVELS = ['locals', 'lines'];

const same = [];
const unsupported = [];
const different = [];
let rejections = [];
process.on('unhandledRejection', (error) => rejections.push(String(error)));

void main();

async function main() {
  for (const construct of list(casesFolder)) {
    for (const name of list(join(casesFolder, construct)))
      await compareCase(`${construct}/${name}`, readOptions(join(casesFolder, construct)));
  }
  console.log(`\nRESULT ${JSON.stringify({ same: same.length, unsupported, different })}`);
  process.exit(0);
}

function list(path) {
  return existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
        .sort()
    : [];
}

function readOptions(path) {
  const file = join(path, 'options.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

async function compareCase(id, shared) {
  const home = join(casesFolder, id);
  const options = { ...shared, ...readOptions(home) };
  if (options.modules !== undefined && !options.modules.includes('CommonJS')) return;
  const files = readdirSync(home).filter((file) => /\.(?:[cm]?tsx?|[cm]?jsx?)$/.test(file));
  for (const target of TARGETS) {
    if (options.targets !== undefined && !options.targets.includes(target)) continue;
    const plain = await runCase(id, files, home, options, target, undefined);
    if (plain === undefined) {
      unsupported.push(`${id} ${target}`);
      continue;
    }
    for (const level of LEVELS) {
      const title = `${id} ${target} ${level}`;
      const instrumented = await runCase(id, files, home, options, target, level).catch((error) => [`does not compile: ${error.message}`]);
      const k = plain.findIndex((line, index) => line !== instrumented[index]);
      if (k < 0 && plain.length === instrumented.length) same.push(title);
      else different.push(`${title}: ${String(plain[k])} became ${String(instrumented[k < 0 ? plain.length : k])}`);
    }
  }
}

/** What the case logs and how it ends, a line each; undefined: this version reports a syntax error. */
async function runCase(id, files, home, options, target, level) {
  const out = join(folder, 'cases', `${id}-${target}-${level ?? 'plain'}`);
  const transformers =
    level === undefined ? {} : { before: [createTransformer(undefined, { ...options.options, level, root: home }, { ts })] };
  const own = ts.convertCompilerOptionsFromJson(options.compilerOptions ?? {}, home).options;
  let entry = '';
  for (const file of files) {
    const compilerOptions = {
      alwaysStrict: false,
      downlevelIteration: target === 'ES5',
      jsx: ts.JsxEmit.React,
      allowJs: true,
      ...own,
      target: ts.ScriptTarget[target],
      module: ts.ModuleKind.CommonJS,
    };
    const result = ts.transpileModule(readFileSync(join(home, file), 'utf8'), {
      fileName: join(home, file),
      compilerOptions,
      transformers,
      reportDiagnostics: true,
    });
    if (result.diagnostics.some((diagnostic) => diagnostic.code < 2000)) return undefined;
    const to = join(out, file.replace(/\.[cm]?[tj]sx?$/, '.js'));
    mkdirSync(dirname(to), { recursive: true });
    // Older versions do not rewrite extensions of imports.
    writeFileSync(to, result.outputText.replace(/(require\("\.[^"]*)\.ts"\)/g, '$1.js")'));
    if (/^input\./.test(file)) entry = to;
  }
  const lines = [];
  rejections = [];
  const show = (value) =>
    (typeof value === 'string' ? value : inspect(value, { depth: 6, breakLength: Infinity }))
      .replace(/\n\s+at .*/g, '')
      .replaceAll(out, '<out>');
  try {
    const loaded = require(entry);
    const result = await (loaded.run ?? loaded.default.run)((...values) => void lines.push(values.map(show).join(' ')));
    lines.push(`returned ${show(result)}`);
  } catch (error) {
    // Node puts file, line and source before an error of parsing.
    lines.push(`threw ${error instanceof SyntaxError ? `${error.name}: ${error.message}` : show(error)}`);
  }
  await nextTurn();
  await nextTurn();
  return [...lines, ...rejections.map((text) => `unhandled ${text}`)];
}
