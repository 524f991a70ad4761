/**
 * Compiler options through the real `tspc -b`: every project is built plain and instrumented in one run, both are started, and both
 * must print the same. Declarations, decorator metadata and skipped scripts are compared beside it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PROJECTS } from './output-projects.ts';
import { createWorkspace, type Result, tsconfig, type Workspace } from './tspc-workspace.ts';

const folderOf = (name: string): string => name.replace(/\W+/g, '-');
const TSLIB = `
exports.__awaiter = (self, args, P, body) => new Promise((resolve, reject) => {
  const run = body.apply(self, args ?? []);
  const step = (method, value) => { try { const { done, value: next } = run[method](value); done ? resolve(next) : Promise.resolve(next).then((v) => step('next', v), (e) => step('throw', e)); } catch (e) { reject(e); } };
  step('next');
});
exports.__importStar = (module) => (module?.__esModule ? module : { ...module, default: module });
exports.__importDefault = (module) => (module?.__esModule ? module : { default: module });
`;

// Starts compilers and programs; a busy machine must not decide it.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let workspace: Workspace;
let built: Result;

beforeAll(async () => {
  workspace = await createWorkspace();
  workspace.write({
    'node_modules/tslib/package.json': { name: 'tslib', main: 'index.js', types: 'index.d.ts' },
    'node_modules/tslib/index.js': TSLIB,
    'node_modules/tslib/index.d.ts':
      'export declare function __awaiter(...a: any[]): any;\nexport declare function __importStar(...a: any[]): any;\nexport declare function __importDefault(...a: any[]): any;\n',
  });
  for (const [name, project] of Object.entries(PROJECTS)) {
    const folder = folderOf(name);
    workspace.write({
      [`${folder}/package.json`]: project.type === undefined ? {} : { type: project.type },
      [`${folder}/tsconfig.json`]: tsconfig({ sourceMap: true, ...project.options }, {}),
      [`${folder}/tsconfig.plain.json`]: tsconfig({ sourceMap: true, ...project.options, outDir: 'plain' }, undefined),
      ...Object.fromEntries(Object.entries(project.files).map(([path, text]) => [`${folder}/src/${path}`, text])),
    });
  }
  const configs = Object.keys(PROJECTS).flatMap((name) => [`${folderOf(name)}/tsconfig.json`, `${folderOf(name)}/tsconfig.plain.json`]);
  built = await workspace.tspc(['-b', ...configs], { CAPTUREFLOW_REPORT: 'skips' });
});
afterAll(() => workspace.remove());

test('all projects build without a diagnostic', () => {
  expect(built.output.split('\n').filter((line) => line !== '' && !line.startsWith('[captureflow]'))).toEqual([]);
  expect(built.code).toBe(0);
});

test('the report names what was skipped and why, and counts the rest', () => {
  const lines = built.output.split('\n').filter((line) => line.startsWith('[captureflow]'));
  const [, instrumented, all] = /^\[captureflow\] (\d+) of (\d+) functions instrumented$/.exec(lines[0] ?? '') ?? [];
  expect(Number(all)).toBe(Number(instrumented) + 1);
  expect(lines.slice(1)).toEqual([
    '[captureflow]   skipped src/script.ts (file) SCRIPT',
    '[captureflow]   skipped src/main.ts:3:23 quiet OFF_BY_COMMENT',
  ]);
});

describe.each(Object.entries(PROJECTS))('%s', (name, project) => {
  const folder = folderOf(name);

  test('the instrumented program prints what the plain one prints, and every call is seen', async () => {
    const [plain, instrumented] = await Promise.all([
      workspace.node(`${folder}/plain/${project.entry}`),
      workspace.node(`${folder}/out/${project.entry}`, { COUNT_PROBES: '1' }),
    ]);
    expect(plain).toMatchObject({
      code: 0,
      output: typeof project.prints === 'string' ? project.prints : expect.stringMatching(project.prints),
    });
    expect(instrumented.stdout).toBe(plain.stdout);
    expect(instrumented.code).toBe(0);
    const counts = JSON.parse(/^probes (.*)$/m.exec(instrumented.output)?.[1] ?? '{}') as Record<string, number>;
    if (project.enters !== undefined) expect(counts['enter']).toBe(project.enters);
    expect((counts['exit'] ?? 0) + (counts['thrown'] ?? 0) + (counts['end'] ?? 0)).toBe(counts['enter']);
  });
});

test('declarations are byte for byte those of the plain build', () => {
  for (const file of ['lib.d.ts', 'lib.d.ts.map', 'main.d.ts']) {
    const plain = workspace.read(`declarations/plain/${file}`);
    expect(workspace.read(`declarations/out/${file}`)).toBe(plain);
    expect(plain.length).toBeGreaterThan(10);
  }
});

test('a script under ESNext is emitted as it was', () => {
  expect(workspace.read('ESNext-with-scripts/out/script.js')).toBe(workspace.read('ESNext-with-scripts/plain/script.js'));
});

test('a file without functions is emitted as it was', () => {
  const folder = folderOf('verbatimModuleSyntax, isolatedModules and rewritten extensions');
  expect(existsSync(join(workspace.folder, folder, 'out/types.js'))).toBe(true);
  expect(workspace.read(`${folder}/out/types.js`)).toBe(workspace.read(`${folder}/plain/types.js`));
});
