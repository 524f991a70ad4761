/**
 * The metadata in a plan's header, a literal of JSON on one line whose outermost keys stand without quotes, to Babel nodes: the ones that
 * Babel's parser would make, without positions. Every file has another, so no template would serve twice. Anything else is a bug and throws.
 */
import type { types } from '@babel/core';

type Node = Readonly<Record<string, unknown>>;

const TOKEN = /\s*([{}[\],:]|-|"(?:[^"\\]|\\.)*"|[\w.]+)/y;

export function literalToAst(text: string): types.Expression {
  let token = '';
  TOKEN.lastIndex = 0;
  next();
  return readValue() as unknown as types.Expression;

  function next(): void {
    token = TOKEN.exec(text)?.[1] ?? '';
  }

  /** The token in hand; takes the one after it up. */
  function take(): string {
    const taken = token;
    next();
    return taken;
  }

  function readValue(): Node {
    const first = take();
    if (first === '{') return { type: 'ObjectExpression', properties: readList('}', readProperty) };
    if (first === '[') return { type: 'ArrayExpression', elements: readList(']', readValue) };
    if (first === '-') return { type: 'UnaryExpression', operator: '-', prefix: true, argument: readValue() };
    if (first.startsWith('"')) return literal('StringLiteral', JSON.parse(first), first);
    if (first === 'true' || first === 'false') return { type: 'BooleanLiteral', value: first === 'true' };
    if (first === 'null') return { type: 'NullLiteral' };
    const value = first === '' ? Number.NaN : Number(first);
    if (Number.isNaN(value)) throw new Error(`metadata holds ${JSON.stringify(first)}, which literal-to-ast does not read`);
    return literal('NumericLiteral', value, first);
  }

  function readProperty(): Node {
    const key = token.startsWith('"') ? readValue() : { type: 'Identifier', name: take() };
    take();
    return { type: 'ObjectProperty', key, computed: false, shorthand: false, value: readValue() };
  }

  function readList(end: string, read: () => Node): readonly Node[] {
    const items: Node[] = [];
    while (token !== end) {
      items.push(read());
      if (token === ',') take();
    }
    take();
    return items;
  }
}

function literal(type: string, value: unknown, raw: string): Node {
  return { type, extra: { rawValue: value, raw }, value };
}
