import * as babel from '@babel/core';
import { describe, expect, test } from 'vitest';
import type { Babel } from '../src/babel.ts';
import { createCodeToAst } from '../src/code-to-ast.ts';
import { literalToAst } from '../src/literal-to-ast.ts';
import captureflow from '../src/index.ts';
import { FOLDER } from './programs.ts';

const instance = babel as unknown as Babel;

/** A tree without what only a parser knows: places, and a field that Babel's own builders leave out, too. */
function bare(node: unknown): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => (['start', 'end', 'loc', 'parenStart', 'method'].includes(key) ? undefined : value)),
  );
}

function parsed(text: string): babel.types.Statement[] {
  return (babel.parseSync(text, { configFile: false, babelrc: false }) as babel.types.File).program.body;
}

describe('code of a plan', () => {
  test('becomes the nodes that the parser makes of its text, without places', () => {
    const { statements } = createCodeToAst(instance);
    const made = statements([
      'const s=G()[12]--<1?R.enter2(M(12),0,',
      { binding: 5, name: 'first' },
      ',',
      { binding: 9, name: 'b' },
      '):0;let v;',
    ]);
    expect(made.every((node) => !('start' in node) && !('loc' in node))).toBe(true);
    expect(bare(made)).toEqual(bare(parsed('const s=G()[12]--<1?R.enter2(M(12),0,first,b):0;let v;')));
  });

  test('holds the expression itself, not a copy', () => {
    const { expression } = createCodeToAst(instance);
    const users = babel.types.identifier('users');
    const wrapped = expression(['(v=', { hole: 'expression' }, ',s&&R.exit(s,v,3),v)'], users) as babel.types.SequenceExpression;
    expect((wrapped.expressions[0] as babel.types.AssignmentExpression).right).toBe(users);
    expect(bare(wrapped)).toEqual(bare((parsed('(v=users,s&&R.exit(s,v,3),v)')[0] as babel.types.ExpressionStatement).expression));
  });

  test('shares no node between two uses', () => {
    const { statements } = createCodeToAst(instance);
    const nodes = (): Set<object> => {
      const found = new Set<object>();
      babel.types.traverseFast(babel.types.blockStatement(statements(['p=1;s&&(R.values1(s,2,x),R.exit(s));'])), (node) => {
        found.add(node);
        if (node.extra !== undefined) found.add(node.extra);
      });
      return found;
    };
    const [first, second] = [nodes(), nodes()];
    expect(first.size).toBeGreaterThan(10);
    expect([...first].filter((node) => second.has(node))).toEqual([]);
  });

  test('a text is read once, whatever its numbers and variables and however often a host makes the plugin anew', () => {
    let reads = 0;
    const counting = {
      ...babel,
      parseSync: (...args: Parameters<typeof babel.parseSync>) => {
        reads++;
        return babel.parseSync(...args);
      },
      // Templates are kept by it.
      types: { ...babel.types },
    } as unknown as Babel;
    for (const [k, name] of ['a', 'b', 'c'].entries())
      createCodeToAst({ ...counting }).statements([`R.values1(s,${k},`, { binding: 0, name }, ');']);
    expect(reads).toBe(1);
  });
});

describe('metadata', () => {
  test.each([
    '{v:1,id:"src/a.ts",f:[["f",[1,2],null,true,false,-3,1.5,[]],{"a b":{},"__proto__":[0]}]}',
    '{id:"quote \\" back \\\\ line\\n \\u2028 é } ] , :"}',
    '{}',
  ])('%s becomes the nodes that the parser makes of it', (text) => {
    const [statement] = parsed(`(${text});`);
    const { extra: _, ...expected } = (statement as babel.types.ExpressionStatement).expression;
    expect(bare(literalToAst(text))).toEqual(bare(expected));
  });

  test.each(['{v:x}', '{v:', '{v:1 2}'])('%s is refused', (text) => {
    expect(() => literalToAst(text)).toThrow(/literal-to-ast/);
  });

  test('keeps what stands in names and paths', () => {
    const filename = `${FOLDER}it's "odd" [1].js`;
    const code = babel.transformSync('exports.f = { "a\\u2028\\n\\"0": () => 1 };', {
      configFile: false,
      babelrc: false,
      filename,
      sourceType: 'script',
      plugins: [[captureflow, { root: FOLDER }]],
    })?.code as string;
    const records: unknown[] = [];
    const probes = { gates: (size: number) => new Int32Array(size), register: (record: unknown) => records.push(record), enter0: () => 0 };
    const exports = {} as { f: Record<string, () => number> };
    // oxlint-disable-next-line no-new-func -- the program under test
    new Function('exports', 'require', code)(exports, () => probes);
    for (const f of Object.values(exports.f)) f();
    expect(JSON.stringify(records)).toContain(JSON.stringify(`it's "odd" [1].js`));
  });
});
