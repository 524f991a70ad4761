/**
 * Scopes after the tree was changed: plugins after us ask them who declares a name and who uses it (H112).
 */
import type { NodePath, types } from '@babel/core';

/** Reads all scopes of the file anew. `version`: Babel's. */
export function crawl(program: NodePath<types.Program>, version: string): void {
  program.scope.crawl();
  if (keepsInnerScopes(version)) forgetMovedBindings(program);
}

/** Whether a crawl of the file leaves what its inner scopes knew before: below 7.27. */
function keepsInnerScopes(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 7 && minor < 27;
}

/** A variable that moved into our `try` would be the function's as well. */
function forgetMovedBindings(program: NodePath<types.Program>): void {
  program.traverse({
    BlockStatement({ scope, node }) {
      if (scope.path.node !== node) return;
      for (const [name, binding] of Object.entries(scope.bindings)) {
        if (scope.parent.getOwnBinding(name)?.identifier === binding.identifier) scope.parent.removeOwnBinding(name);
      }
    },
  });
}
