/**
 * The text of plan code to a template: functions that build its nodes. What nothing can rename, lower or wrap (no hole, no function)
 * is not made of nodes but stays text: one identifier that prints as the compiler would have printed the nodes, at a tenth of the cost.
 * Knows the small part of the language that core's snippets use; anything else is a bug and throws.
 */
import type ts from 'typescript';
import type { HoleFillers } from './code-to-ast.ts';

type TS = typeof ts;

/** What stands in a text for the k-th use of a variable that is a node, for the user's expression, for a number or a name. */
export const HOLE = 'hole_';
export const INNER = 'inner_';
export const TEXT = 'text_';

export interface Filling {
  readonly fillers: HoleFillers;
  readonly expression: ts.Expression | undefined;
  /** Numbers and names in the order of the text. */
  readonly texts: readonly string[];
  readonly bindings: readonly number[];
}

export type Build<T extends ts.Node> = (filling: Filling) => T;

/** `name`: the injected name that `HoleFillers.name` stands for. */
export interface TemplateReader {
  statements(text: string, name?: string): readonly Build<ts.Statement>[];
  expression(text: string, name?: string): Build<ts.Expression>;
}

export function createTemplateReader(ts: TS, factory: ts.NodeFactory): TemplateReader {
  const printer = ts.createPrinter({ removeComments: true });

  function parse(text: string, name: string | undefined): { list: readonly ts.Statement[]; reader: NodeReader } {
    const file = ts.createSourceFile('snippet.js', text, ts.ScriptTarget.ESNext, /* setParentNodes */ false);
    const print = (node: ts.Node): string =>
      ts.isIdentifier(node) || ts.isNumericLiteral(node) ? node.text : printer.printNode(ts.EmitHint.Unspecified, node, file);
    return { list: file.statements, reader: createNodeReader(ts, factory, print, name) };
  }

  return {
    statements(text, name) {
      const { list, reader } = parse(text, name);
      return list.map(reader.statement);
    },
    expression(text, name) {
      const { list, reader } = parse(`(${text});`, name);
      // The parentheses that make a text a statement come off again; those that core wrote stay.
      return reader.expression(((list[0] as ts.ExpressionStatement).expression as ts.ParenthesizedExpression).expression);
    },
  };
}

interface NodeReader {
  readonly statement: (node: ts.Statement) => Build<ts.Statement>;
  readonly expression: (node: ts.Expression) => Build<ts.Expression>;
}

function createNodeReader(ts: TS, factory: ts.NodeFactory, print: (node: ts.Node) => string, injected: string | undefined): NodeReader {
  /** Numbers and names so far. */
  let taken = 0;

  function statement(node: ts.Statement): Build<ts.Statement> {
    if (ts.isExpressionStatement(node)) {
      const inside = expression(node.expression);
      return (filling) => factory.createExpressionStatement(inside(filling));
    }
    if (ts.isVariableStatement(node)) {
      const list = variables(node.declarationList);
      return (filling) => factory.createVariableStatement(undefined, list(filling));
    }
    if (ts.isReturnStatement(node)) {
      const value = expression(node.expression as ts.Expression);
      return (filling) => factory.createReturnStatement(value(filling));
    }
    if (ts.isThrowStatement(node)) {
      const value = expression(node.expression);
      return (filling) => factory.createThrowStatement(value(filling));
    }
    if (ts.isFunctionDeclaration(node)) {
      const name = textOf(node.name);
      const parameters = parametersOf(node);
      const body = block(node.body as ts.Block);
      return (filling) =>
        factory.createFunctionDeclaration(undefined, undefined, name, undefined, parameters(filling), undefined, body(filling));
    }
    if (ts.isTryStatement(node)) {
      const clause = node.catchClause as ts.CatchClause;
      const name = textOf((clause.variableDeclaration as ts.VariableDeclaration).name);
      const [guarded, handler] = [block(node.tryBlock), block(clause.block)];
      return (filling) => factory.createTryStatement(guarded(filling), factory.createCatchClause(name, handler(filling)), undefined);
    }
    if (ts.isImportDeclaration(node)) {
      const name = textOf(((node.importClause as ts.ImportClause).namedBindings as ts.NamespaceImport).name);
      const specifier = expression(node.moduleSpecifier);
      return (filling) => {
        const clause = factory.createImportClause(false, undefined, factory.createNamespaceImport(factory.createIdentifier(name)));
        return factory.createImportDeclaration(undefined, clause, specifier(filling));
      };
    }
    throw unknown(node);
  }

  function expression(node: ts.Expression): Build<ts.Expression> {
    if (isText(node)) return asText(node);
    if (ts.isIdentifier(node)) return hole(node.text);
    if (ts.isStringLiteral(node)) return () => factory.createStringLiteral(node.text);
    if (ts.isParenthesizedExpression(node)) {
      const inside = expression(node.expression);
      return (filling) => factory.createParenthesizedExpression(inside(filling));
    }
    if (ts.isBinaryExpression(node)) {
      const left = expression(node.left);
      const right = expression(node.right);
      const { kind } = node.operatorToken;
      return (filling) => factory.createBinaryExpression(left(filling), kind, right(filling));
    }
    if (ts.isConditionalExpression(node)) {
      const [condition, yes, no] = [expression(node.condition), expression(node.whenTrue), expression(node.whenFalse)];
      return (filling) => factory.createConditionalExpression(condition(filling), undefined, yes(filling), undefined, no(filling));
    }
    if (ts.isCallExpression(node)) {
      const callee = member(node.expression);
      const values = node.arguments.map(expression);
      return (filling) =>
        factory.createCallExpression(
          callee(filling),
          undefined,
          values.map((value) => value(filling)),
        );
    }
    if (ts.isArrowFunction(node)) {
      const body = expression(node.body as ts.Expression);
      return (filling) => factory.createArrowFunction(undefined, undefined, [], undefined, undefined, body(filling));
    }
    if (ts.isFunctionExpression(node)) {
      const parameters = parametersOf(node);
      const body = block(node.body);
      return (filling) =>
        factory.createFunctionExpression(undefined, undefined, undefined, undefined, parameters(filling), undefined, body(filling));
    }
    throw unknown(node);
  }

  /** Lowering a call whose argument is an `await` or `yield` takes the receiver and the method apart. */
  function member(node: ts.Expression): Build<ts.Expression> {
    if (!ts.isPropertyAccessExpression(node)) return expression(node);
    const object = expression(node.expression);
    const name = textOf(node.name);
    return (filling) => factory.createPropertyAccessExpression(object(filling), name);
  }

  function isText(node: ts.Node): boolean {
    if (ts.isIdentifier(node)) return node.text !== INNER && node.text !== injected && !node.text.startsWith(HOLE);
    if (ts.isStringLiteral(node) || ts.isFunctionLike(node)) return false;
    return ts.forEachChild(node, (child) => !isText(child) || undefined) === undefined;
  }

  function asText(node: ts.Expression): Build<ts.Identifier> {
    const [first = '', ...rest] = print(node).split(TEXT);
    const from = taken;
    taken += rest.length;
    if (rest.length === 0) return () => factory.createIdentifier(first);
    return ({ texts }) => {
      let text = first;
      for (let k = 0; k < rest.length; k++) text += `${texts[from + k]}${rest[k]}`;
      return factory.createIdentifier(text);
    };
  }

  function hole(text: string): Build<ts.Expression> {
    if (text === INNER) return (filling) => filling.expression as ts.Expression;
    if (text === injected) return ({ fillers }) => fillers.name as ts.Identifier;
    const index = Number(text.slice(HOLE.length));
    return ({ fillers, bindings }) => (fillers.binding as NonNullable<HoleFillers['binding']>)(bindings[index] as number);
  }

  function variables(list: ts.VariableDeclarationList): Build<ts.VariableDeclarationList> {
    const flags = list.flags & ts.NodeFlags.BlockScoped;
    const declarations = list.declarations.map(({ name, initializer }): Build<ts.VariableDeclaration> => {
      const text = textOf(name);
      const value = initializer && expression(initializer);
      return (filling) => factory.createVariableDeclaration(text, undefined, undefined, value?.(filling));
    });
    return (filling) =>
      factory.createVariableDeclarationList(
        declarations.map((declaration) => declaration(filling)),
        flags,
      );
  }

  function parametersOf(node: ts.SignatureDeclaration): (filling: Filling) => ts.ParameterDeclaration[] {
    const names = node.parameters.map(({ name }) => textOf(name));
    return () => names.map((name) => factory.createParameterDeclaration(undefined, undefined, name));
  }

  function block(node: ts.Block): Build<ts.Block> {
    const statements = node.statements.map(statement);
    return (filling) => factory.createBlock(statements.map((build) => build(filling)));
  }

  function textOf(node: ts.Node | undefined): string {
    return (node as ts.Identifier).text;
  }

  function unknown(node: ts.Node): Error {
    return new Error(`a snippet uses ${ts.SyntaxKind[node.kind]}, which code-template does not build`);
  }

  return { statement, expression };
}
