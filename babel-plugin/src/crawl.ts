/**
 * Scopes after the tree was changed: plugins after us ask them who declares a name and who uses it (H112).
 */
import type { NodePath, types } from '@babel/core';

/** Reads all scopes of the file anew. */
export function crawl(program: NodePath<types.Program>): void {
  program.scope.crawl();
  // Older versions keep what inner scopes knew before: a variable that moved into our `try` would be the function's as well.
  program.traverse({
    BlockStatement({ scope, node }) {
      if (scope.path.node !== node) return;
      for (const [name, binding] of Object.entries(scope.bindings)) {
        if (scope.parent.getOwnBinding(name)?.identifier === binding.identifier) scope.parent.removeOwnBinding(name);
      }
    },
  });
}
