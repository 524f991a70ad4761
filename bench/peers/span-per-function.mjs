/**
 * What people write by hand to see every function in OpenTelemetry: a Babel plugin that puts each body into an active span with the number of its
 * arguments. Generators are left out: no callback can hold a `yield`. For the bench only.
 *
 * @example
 * function add(a, b) { return a + b; }
 * // becomes
 * function add(a, b) { return globalThis.benchTrace("add", 2, () => { return a + b; }); }
 */
export function spanPerFunction({ types: t }) {
  return {
    visitor: {
      Function: {
        exit(path) {
          const { node } = path;
          if (node.generator) return;
          const name = node.id?.name ?? node.key?.name ?? path.parent.id?.name ?? 'anonymous';
          const body = node.body.type === 'BlockStatement' ? node.body : t.blockStatement([t.returnStatement(node.body)]);
          const { directives } = body;
          body.directives = [];
          const callback = t.arrowFunctionExpression([], body, node.async);
          const call = t.callExpression(
            t.memberExpression(t.identifier('globalThis'), t.identifier(node.async ? 'benchTraceAsync' : 'benchTrace')),
            [t.stringLiteral(name), t.numericLiteral(node.params.length), callback],
          );
          const derived = node.kind === 'constructor';
          node.body = t.blockStatement([derived ? t.expressionStatement(call) : t.returnStatement(call)], directives);
          if (path.isArrowFunctionExpression()) node.expression = false;
          path.skip();
        },
      },
    },
  };
}
