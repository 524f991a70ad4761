/**
 * What a file is once emitted: ES module, CommonJS or script. Says what syntax, file ending and host say; decides nothing else.
 */
import type { FileFacts } from '../facts.ts';
import type { Node, Syntax } from './node.ts';
import { statementsOf } from './syntax.ts';

export interface KindHints {
  /** Path or URL of the file; its ending says `.mjs` or `.cjs`. */
  readonly fileName?: string | undefined;
  /** What the host knows, from its own settings or the nearest package.json. Module syntax is stronger than `script`, weaker than the others. */
  readonly host?: FileFacts['kind'] | undefined;
}

/** A file without any hint is CommonJS: as Node takes it, and the form that works in a module as well where `require` is missing. */
export function detectKind(program: Node, hints: KindHints = {}): FileFacts['kind'] {
  const { fileName = '', host } = hints;
  if (/\.m[jt]s$/.test(fileName)) return 'esm';
  if (/\.c[jt]s$/.test(fileName)) return 'cjs';
  if (host === 'esm' || host === 'cjs') return host;
  const statements = statementsOf((program as Syntax).program ?? (program as Syntax));
  if (statements.some(isModuleSyntax)) return 'esm';
  return host ?? 'cjs';
}

function isModuleSyntax(statement: Syntax): boolean {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
      return true;
    default:
      return false;
  }
}
