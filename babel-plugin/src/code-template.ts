/**
 * The text of plan code to a template: functions that build its nodes, without positions: what has none was generated, for us and for
 * every other plugin (H113). Read by Babel's own parser, so it knows no kind of node by name; nodes are made without Babel's builders,
 * which check again what a parser made.
 */
import type { types } from '@babel/core';
import type { Babel } from './babel.ts';

/** What stands in a text for the k-th use of a variable of the user's, for the user's expression, for the k-th number. */
export const HOLE = 'hole_';
export const INNER = 'inner_';
export const NUMBER = 'number_';

export interface Filling {
  readonly expression: types.Expression | undefined;
  /** In the order of the text. */
  readonly numbers: readonly string[];
  readonly names: readonly string[];
}

export type Build = (filling: Filling) => types.Node;

export interface TemplateReader {
  statements(text: string): readonly Build[];
  expression(text: string): Build;
}

/** The text is no file of the user's: nothing that is configured for those holds for it. */
const PARSER = { configFile: false, babelrc: false, browserslistConfigFile: false, sourceType: 'module' } as const;

type Fields = Record<string, unknown>;
type Child = types.Node | (types.Node | null)[] | null | undefined;

export function createTemplateReader(babel: Babel): TemplateReader {
  const keysOf = babel.types.VISITOR_KEYS;

  function parse(text: string): readonly types.Statement[] {
    return (babel.parseSync(text, PARSER) as types.File).program.body;
  }

  function read(node: types.Node): Build {
    if (node.type === 'Identifier') {
      const hole = readHole(node.name);
      if (hole !== undefined) return hole;
    }
    const { start: _start, end: _end, loc: _loc, ...bare } = node as unknown as Fields;
    const children: (readonly [string, (filling: Filling) => unknown])[] = [];
    for (const key of keysOf[node.type] ?? []) {
      const child = bare[key] as Child;
      if (Array.isArray(child)) {
        const items = child.map((item) => (item === null ? () => null : read(item)));
        children.push([key, (filling) => items.map((build) => build(filling))]);
      } else if (child !== null && child !== undefined) children.push([key, read(child)]);
    }
    const { extra } = bare;
    return (filling) => {
      const made = { ...bare };
      if (extra !== undefined) made['extra'] = { ...extra };
      for (const [key, build] of children) made[key] = build(filling);
      return made as unknown as types.Node;
    };
  }

  return {
    statements: (text) => parse(text).map(read),
    expression: (text) => read((parse(`(${text});`)[0] as types.ExpressionStatement).expression),
  };
}

function readHole(name: string): Build | undefined {
  if (name === INNER) return ({ expression }) => expression as types.Expression;
  // Babel renames by scope, so a new identifier follows the user's declaration once the file is crawled (H83).
  if (name.startsWith(HOLE)) {
    const index = Number(name.slice(HOLE.length));
    return ({ names }) => ({ type: 'Identifier', name: names[index] as string }) as types.Identifier;
  }
  if (!name.startsWith(NUMBER)) return undefined;
  const index = Number(name.slice(NUMBER.length));
  return ({ numbers }) => {
    const raw = numbers[index] as string;
    const value = Number(raw);
    return { type: 'NumericLiteral', value, extra: { rawValue: value, raw } } as types.NumericLiteral;
  };
}
