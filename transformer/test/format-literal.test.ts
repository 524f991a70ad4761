import ts from 'typescript';
import { expect, test } from 'vitest';
import { formatLiteral } from '../src/format-literal.ts';

const literals = [
  '{v:1,id:"src/cart.ts",c:[[255,8,2,3,0,"total",["a","b"]],[]]}',
  '{v:1,id:"",o:{},n:[[]],f:[true,false,null]}',
  '{id:"a \\"b\\" \\\\ {c: [d, e]} \\n\\u2028",names:["größe","日本","#p","[computed]","💥"]}',
  '{id:"]{}[:,","key with spaces":{inner:{deeper:[0]}}}',
];

test.each(literals)('%s is written as the compiler prints its nodes', (text) => {
  const source = ts.createSourceFile('x.ts', `(${text})`, ts.ScriptTarget.ESNext);
  const [statement] = source.statements;
  const { expression } = (statement as ts.ExpressionStatement).expression as ts.ParenthesizedExpression;
  const printed = ts.createPrinter().printNode(ts.EmitHint.Expression, synthesize(expression), source);
  expect(formatLiteral(ts, ts.factory, text)).toBe(printed);
});

/** As a transformer makes nodes: without positions, so that nothing is copied from the text. */
function synthesize(node: ts.Expression): ts.Expression {
  const { factory } = ts;
  if (ts.isStringLiteral(node)) return factory.createStringLiteral(node.text);
  if (ts.isNumericLiteral(node)) return factory.createNumericLiteral(node.text);
  if (ts.isArrayLiteralExpression(node)) return factory.createArrayLiteralExpression(node.elements.map(synthesize));
  if (!ts.isObjectLiteralExpression(node)) return node;
  return factory.createObjectLiteralExpression(
    node.properties.map((property) => {
      const { name, initializer } = property as ts.PropertyAssignment;
      const key = ts.isStringLiteral(name)
        ? factory.createStringLiteral(name.text)
        : factory.createIdentifier((name as ts.Identifier).text);
      return factory.createPropertyAssignment(key, synthesize(initializer));
    }),
  );
}
