/**
 * Compiles the fixtures' cases with one installed compiler, plain and instrumented, runs both and compares what they log and return.
 * Usage: node compare-cases.cjs typescript|babel|esbuild <folder with node_modules> <cases folder> [text that a case's id holds]
 * Prints `RESULT <json>` last.
 */
const { createRequire } = require('node:module');
const { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { inspect } = require('node:util');

const [compiler, folder, casesFolder, filter = ''] = process.argv.slice(2);
const { targets, compile, leftOut = {} } = require(`./compile-with-${compiler}.cjs`)(createRequire(join(folder, 'package.json')));

const LEVELS = ['locals', 'lines'];

const same = [];
const unsupported = [];
const different = [];
let rejections = [];
process.on('unhandledRejection', (error) => rejections.push(String(error)));

void main();

async function main() {
  for (const construct of list(casesFolder)) {
    for (const name of list(join(casesFolder, construct))) {
      const id = `${construct}/${name}`;
      if (id.includes(filter)) await compareCase(id, readOptions(join(casesFolder, construct)));
    }
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
  if (leftOut[id] !== undefined) return void unsupported.push(`${id}: ${leftOut[id]}`);
  const files = readdirSync(home).filter((file) => /\.(?:[cm]?tsx?|[cm]?jsx?)$/.test(file));
  for (const target of targets) {
    if (options.targets !== undefined && !options.targets.includes(target)) continue;
    const plain = await runCase(id, files, home, options, target, undefined).catch((error) => error);
    if (plain instanceof Error) {
      unsupported.push(`${id} ${target}: ${plain.message.split('\n')[0]}`);
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

/** What the case logs and how it ends, a line each. Throws what the compiler throws. */
async function runCase(id, files, home, options, target, level) {
  const out = join(folder, 'cases', `${id}-${target}-${level ?? 'plain'}`);
  let entry = '';
  for (const file of files) {
    const code = await compile(readFileSync(join(home, file), 'utf8'), { fileName: join(home, file), home, options, target, level });
    const to = join(out, file.replace(/\.[cm]?[tj]sx?$/, '.js'));
    mkdirSync(dirname(to), { recursive: true });
    // Only newer compilers rewrite extensions of imports, and only one of them knows how.
    writeFileSync(to, code.replace(/(require\("\.[^"]*)\.[cm]?ts"\)/g, '$1.js")'));
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
