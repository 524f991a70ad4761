/**
 * Plan code (text pieces and typed holes) to Babel nodes. Each text is parsed once per Babel instance; every use gets nodes of its
 * own, without positions: what has none was generated, for us and for every other plugin (H113).
 */
import type { Code } from '@captureflow/core';
import type { types } from '@babel/core';
import type { Babel } from './babel.ts';

export interface CodeToAst {
  statements(code: Code): types.Statement[];
  /** `expression`: what the expression hole becomes; absent where the code has none. */
  expression(code: Code, expression?: types.Expression): types.Expression;
}

type Filler = () => types.Expression;

const HOLE = 'hole_';

/** Nothing in our texts is a placeholder: names and strings of the user's program stand in them. */
const TEMPLATE_OPTIONS = { placeholderPattern: false, syntacticPlaceholders: false } as const;

const parsedBy = new WeakMap<Babel, Map<string, readonly types.Statement[]>>();
const MOST_PARSED = 10_000;
/** Texts that hold metadata are as long as they are unique. */
const LONGEST_KEPT = 2000;

export function createCodeToAst(babel: Babel): CodeToAst {
  const parsed = parsedBy.get(babel) ?? new Map<string, readonly types.Statement[]>();
  parsedBy.set(babel, parsed);
  const visitorKeys = babel.types.VISITOR_KEYS;

  function parse(text: string): readonly types.Statement[] {
    let statements = parsed.get(text);
    if (statements === undefined) {
      statements = babel.template.statements(text, TEMPLATE_OPTIONS)();
      if (text.length < LONGEST_KEPT) {
        if (parsed.size >= MOST_PARSED) parsed.clear();
        parsed.set(text, statements);
      }
    }
    return statements;
  }

  function build(code: Code, wrap: (text: string) => string, expression?: types.Expression): types.Statement[] {
    const holes: Filler[] = [];
    const text = code
      .map((piece) => {
        if (typeof piece === 'string') return piece;
        // Babel renames by scope, so a new identifier follows the user's declaration once the file is crawled (H83).
        holes.push('binding' in piece ? () => babel.types.identifier(piece.name) : () => expression as types.Expression);
        return `${HOLE}${holes.length - 1}`;
      })
      .join('');
    return parse(wrap(text)).map((statement) => copy(statement, holes) as types.Statement);
  }

  function copy(node: types.Node, holes: readonly Filler[]): types.Node {
    if (node.type === 'Identifier' && node.name.startsWith(HOLE)) {
      const filler = holes[Number(node.name.slice(HOLE.length))];
      if (filler !== undefined) return filler();
    }
    const fields = { ...node } as Record<string, unknown>;
    if (node.extra !== undefined) fields['extra'] = { ...node.extra };
    for (const key of visitorKeys[node.type] ?? []) {
      const child = fields[key] as types.Node | (types.Node | null)[] | null | undefined;
      if (Array.isArray(child)) fields[key] = child.map((item) => (item === null ? null : copy(item, holes)));
      else if (child !== null && child !== undefined) fields[key] = copy(child, holes);
    }
    return fields as unknown as types.Node;
  }

  return {
    statements: (code) => (code.length === 0 ? [] : build(code, (text) => text)),
    expression(code, expression) {
      const [statement] = build(code, (text) => `(${text});`, expression);
      return (statement as types.ExpressionStatement).expression;
    },
  };
}
