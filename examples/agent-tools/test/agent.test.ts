/** The agent as both compilers built it, seen through the trace files that it left. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildTraces, readSegments, type Span, type Trace } from '@captureflow/trace';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const example = fileURLToPath(new URL('..', import.meta.url));
const output = join(example, 'dist', 'test');
const QUESTION = 'Can six of us stay in a Lisbon hostel for three nights with £600?';
let runs: Record<'plain' | 'traced', { printed: string; trace: Trace }>;

beforeAll(() => {
  const require = createRequire(import.meta.url);
  const compilers = {
    plain: [join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc'), '-p', join(example, 'tsconfig.plain.json')],
    traced: [join(dirname(require.resolve('ts-patch/package.json')), 'bin', 'tspc.js'), '-p', example],
  };
  const run = (build: keyof typeof compilers): { printed: string; trace: Trace } => {
    execFileSync(process.execPath, [...compilers[build], '--outDir', join(output, build)], { stdio: 'inherit' });
    return runAgent(join(output, build, 'main.js'));
  };
  runs = { plain: run('plain'), traced: run('traced') };
});

afterAll(() => {
  rmSync(output, { recursive: true, force: true });
});

function runAgent(main: string): { printed: string; trace: Trace } {
  const folder = mkdtempSync(join(tmpdir(), 'agent-tools-'));
  try {
    const printed = execFileSync(process.execPath, [main], { cwd: folder, env: { ...process.env, CAPTUREFLOW: 'on' }, encoding: 'utf8' });
    const directory = join(folder, '.captureflow');
    const files = readdirSync(directory).filter((name) => name.endsWith('.cft'));
    const traces = buildTraces(files.flatMap((name) => readSegments(readFileSync(join(directory, name))).segments));
    const trace = traces.find(({ root }) => root.kind === 'run');
    if (trace === undefined) throw new Error(`no run among ${traces.map(({ root }) => root.name).join(', ')}`);
    return { printed, trace };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function names(spans: readonly Span[]): string[] {
  return spans.map((span) => span.function.name);
}

/** What the span returned or threw, as text. */
function outcomeOf({ outcome }: Span): string {
  if (outcome.kind === 'threw') return outcome.error?.kind === 'error' ? `${outcome.error.className}: ${outcome.error.message}` : 'threw';
  return outcome.kind === 'returned' && outcome.value !== undefined && 'value' in outcome.value
    ? String(outcome.value.value)
    : outcome.kind;
}

describe('both builds of the agent', () => {
  it('print the same answer', () => {
    for (const { printed } of Object.values(runs)) expect(printed).toBe(`${QUESTION}\nYes: 3 nights for 6 cost £489.6.\n`);
  });

  it('leave one tree under the root that runRoot opened, with an end for every span and nothing lost', () => {
    for (const { trace } of Object.values(runs)) {
      expect(trace.root.name).toBe('agent: a trip to Lisbon');
      expect(trace.dropped).toEqual({});
      expect(names(trace.spans.filter(({ outcome }) => outcome.kind === 'open'))).toEqual([]);
    }
  });
});

describe('the library that no plugin touches', () => {
  it('is seen through its wrappers alone in the plain build', () => {
    const { spans } = runs.plain.trace;
    expect(names(spans)).toEqual(['index.search', 'index.search', 'evaluate', 'evaluate', 'exchange.convert']);
  });

  it('shows arguments by the names of its parameters, results, errors and what a promise became', () => {
    const spans = runs.plain.trace.spans.slice(2);
    expect(spans.map(({ args }) => args.map(({ name }) => name))).toEqual([['expression'], ['expression'], ['amount', 'from', 'to']]);
    expect(spans.map(outcomeOf)).toEqual(['CalculatorError: tax is not a number', '576', '489.6']);
  });

  it('is seen once for each call, inside the function that called it, when the program around it is instrumented', () => {
    const { spans } = runs.traced.trace;
    const library = spans.filter(({ function: fn }) => /^(index\.search|evaluate|exchange\.convert)$/.test(fn.name));
    expect(names(library)).toEqual(names(runs.plain.trace.spans));
    expect(names(library.map((span) => spans[span.parent - 1] as Span))).toEqual(library.map(() => 'ToolBox.#dispatch'));
    expect(library.map(outcomeOf)).toEqual(runs.plain.trace.spans.map(outcomeOf));
  });
});

describe('the instrumented agent', () => {
  it('shows each turn of the loop under the loop', () => {
    const { spans } = runs.traced.trace;
    const loop = spans.find(({ function: fn }) => fn.name === 'runAgent') as Span;
    const turns = names(loop.children.map((number) => spans[number - 1] as Span));
    expect(turns).toEqual([...Array.from({ length: 4 }, () => ['askModel', 'ToolBox.runAll']).flat(), 'askModel']);
  });
});
