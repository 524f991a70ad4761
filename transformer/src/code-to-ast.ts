/**
 * Plan code (text pieces and typed holes) to synthetic TypeScript nodes. Each text is parsed once per build; its nodes are built
 * anew through the factory at every use, because parsed nodes carry positions of another file. Knows the small part of the
 * language that core's snippets use; anything else is a bug and throws.
 */
import type { Code } from '@captureflow/core';
import type ts from 'typescript';

type TS = typeof ts;

/** `binding`: a use of the user's variable declared at that offset. */
export interface HoleFillers {
  readonly binding: (offset: number) => ts.Expression;
  readonly expression?: ts.Expression;
  /** Injected names that are more than their text. */
  readonly names?: ReadonlyMap<string, ts.Identifier>;
}

export interface CodeToAst {
  statements(code: Code, fillers: HoleFillers): ts.Statement[];
  expression(code: Code, fillers: HoleFillers): ts.Expression;
}

const HOLE = 'hole_';

/** Files of a build share most texts: parsing them anew for each file was a sixth of the work of emitting. */
const parsedBy = new WeakMap<TS, Map<string, ts.NodeArray<ts.Statement>>>();
const MOST_PARSED = 10_000;

export function createCodeToAst(ts: TS, factory: ts.NodeFactory): CodeToAst {
  const parsed = parsedBy.get(ts) ?? new Map<string, ts.NodeArray<ts.Statement>>();
  parsedBy.set(ts, parsed);

  function parse(text: string): ts.NodeArray<ts.Statement> {
    let statements = parsed.get(text);
    if (statements === undefined) {
      statements = ts.createSourceFile('snippet.js', text, ts.ScriptTarget.ESNext, /* setParentNodes */ false).statements;
      // Texts that hold metadata are as long as they are unique.
      if (text.length < 2000) {
        if (parsed.size >= MOST_PARSED) parsed.clear();
        parsed.set(text, statements);
      }
    }
    return statements;
  }

  function build(code: Code, fillers: HoleFillers, wrap: (text: string) => string): ts.Statement[] {
    const holes: ((node: ts.Identifier) => ts.Expression)[] = [];
    const text = code
      .map((piece) => {
        if (typeof piece === 'string') return piece;
        holes.push('binding' in piece ? () => fillers.binding(piece.binding) : () => fillers.expression as ts.Expression);
        return `${HOLE}${holes.length - 1}`;
      })
      .join('');
    const statement = createBuilder(ts, factory, (identifier) => {
      const hole = identifier.text.startsWith(HOLE) ? holes[Number(identifier.text.slice(HOLE.length))] : undefined;
      return hole === undefined ? (fillers.names?.get(identifier.text) ?? factory.createIdentifier(identifier.text)) : hole(identifier);
    });
    return parse(wrap(text)).map(statement);
  }

  return {
    statements: (code, fillers) => build(code, fillers, (text) => text),
    expression(code, fillers) {
      const [statement] = build(code, fillers, (text) => `(${text});`);
      // The parentheses that make a text a statement come off again; those that core wrote stay.
      return ((statement as ts.ExpressionStatement).expression as ts.ParenthesizedExpression).expression;
    },
  };
}

function createBuilder(
  ts: TS,
  factory: ts.NodeFactory,
  identifier: (node: ts.Identifier) => ts.Expression,
): (node: ts.Statement) => ts.Statement {
  const plain = (node: ts.Node): ts.Identifier => factory.createIdentifier((node as ts.Identifier).text);

  function statement(node: ts.Statement): ts.Statement {
    if (ts.isExpressionStatement(node)) return factory.createExpressionStatement(expression(node.expression));
    if (ts.isVariableStatement(node)) return factory.createVariableStatement(undefined, variables(node.declarationList));
    if (ts.isReturnStatement(node)) return factory.createReturnStatement(node.expression && expression(node.expression));
    if (ts.isThrowStatement(node)) return factory.createThrowStatement(expression(node.expression));
    if (ts.isFunctionDeclaration(node)) {
      return factory.createFunctionDeclaration(
        undefined,
        undefined,
        plain(node.name as ts.Identifier),
        undefined,
        parameters(node),
        undefined,
        block(node.body as ts.Block),
      );
    }
    if (ts.isTryStatement(node)) {
      const clause = node.catchClause as ts.CatchClause;
      const caught = factory.createCatchClause(
        plain((clause.variableDeclaration as ts.VariableDeclaration).name).text,
        block(clause.block),
      );
      return factory.createTryStatement(block(node.tryBlock), caught, undefined);
    }
    if (ts.isImportDeclaration(node)) {
      const name = plain(((node.importClause as ts.ImportClause).namedBindings as ts.NamespaceImport).name);
      const clause = factory.createImportClause(false, undefined, factory.createNamespaceImport(name));
      return factory.createImportDeclaration(undefined, clause, expression(node.moduleSpecifier));
    }
    throw unknown(node);
  }

  function expression(node: ts.Expression): ts.Expression {
    if (ts.isIdentifier(node)) return identifier(node);
    if (ts.isNumericLiteral(node)) return factory.createNumericLiteral(node.text);
    if (ts.isStringLiteral(node)) return factory.createStringLiteral(node.text);
    if (ts.isParenthesizedExpression(node)) return factory.createParenthesizedExpression(expression(node.expression));
    if (ts.isBinaryExpression(node))
      return factory.createBinaryExpression(expression(node.left), node.operatorToken.kind, expression(node.right));
    if (ts.isConditionalExpression(node))
      return factory.createConditionalExpression(
        expression(node.condition),
        undefined,
        expression(node.whenTrue),
        undefined,
        expression(node.whenFalse),
      );
    if (ts.isCallExpression(node))
      return factory.createCallExpression(expression(node.expression), undefined, node.arguments.map(expression));
    if (ts.isPropertyAccessExpression(node)) return factory.createPropertyAccessExpression(expression(node.expression), plain(node.name));
    if (ts.isVoidExpression(node)) return factory.createVoidExpression(expression(node.expression));
    if (ts.isArrayLiteralExpression(node)) return factory.createArrayLiteralExpression(node.elements.map(expression));
    if (ts.isObjectLiteralExpression(node)) return factory.createObjectLiteralExpression(node.properties.map(property));
    if (ts.isArrowFunction(node))
      return factory.createArrowFunction(undefined, undefined, [], undefined, undefined, expression(node.body as ts.Expression));
    if (ts.isFunctionExpression(node))
      return factory.createFunctionExpression(undefined, undefined, undefined, undefined, parameters(node), undefined, block(node.body));
    switch (node.kind) {
      case ts.SyntaxKind.TrueKeyword:
        return factory.createTrue();
      case ts.SyntaxKind.FalseKeyword:
        return factory.createFalse();
      case ts.SyntaxKind.NullKeyword:
        return factory.createNull();
    }
    throw unknown(node);
  }

  function property(node: ts.ObjectLiteralElementLike): ts.PropertyAssignment {
    if (!ts.isPropertyAssignment(node)) throw unknown(node);
    const name = ts.isStringLiteral(node.name) ? factory.createStringLiteral(node.name.text) : plain(node.name);
    return factory.createPropertyAssignment(name, expression(node.initializer));
  }

  function variables(list: ts.VariableDeclarationList): ts.VariableDeclarationList {
    const declarations = list.declarations.map((declaration) =>
      factory.createVariableDeclaration(
        plain(declaration.name),
        undefined,
        undefined,
        declaration.initializer && expression(declaration.initializer),
      ),
    );
    return factory.createVariableDeclarationList(declarations, list.flags & ts.NodeFlags.BlockScoped);
  }

  function parameters(node: ts.SignatureDeclaration): ts.ParameterDeclaration[] {
    return node.parameters.map((parameter) => factory.createParameterDeclaration(undefined, undefined, plain(parameter.name)));
  }

  function block(node: ts.Block): ts.Block {
    return factory.createBlock(node.statements.map(statement));
  }

  function unknown(node: ts.Node): Error {
    return new Error(`a snippet uses ${ts.SyntaxKind[node.kind]}, which code-to-ast does not build`);
  }

  return statement;
}
