/**
 * Name hints of functions: own name, property key, assignment target, containers. Reports only; core makes the display name of them.
 */
import type { NameFacts } from '../facts.ts';
import type { Syntax } from './node.ts';
import { innermost, isClass, isFunction, isTransparent, literalText } from './syntax.ts';

const METHODS: ReadonlySet<string> = new Set(['MethodDefinition', 'Property', 'ObjectMethod', 'ClassMethod', 'ClassPrivateMethod']);

/** `ancestors`: the nodes around `node`, outermost first. */
export function readName(ancestors: readonly Syntax[], node: Syntax): NameFacts {
  const isMethod = METHODS.has(node.type);
  const own = !isMethod && node.type !== 'ArrowFunctionExpression' ? (node.id?.name as string | undefined) : undefined;
  const key = isMethod && node.kind !== 'constructor' ? readKey(node) : undefined;
  const hints = isMethod || node.type === 'StaticBlock' ? {} : readPlace(ancestors, ancestors.length - 1, node);
  return {
    ...(own === undefined ? {} : { own }),
    ...(key === undefined ? hints : { key }),
    containers: readContainers(ancestors),
    isDefault: isExportedAsDefault(ancestors, node),
  };
}

function isExportedAsDefault(ancestors: readonly Syntax[], node: Syntax): boolean {
  const around = ancestors[outermost(ancestors, ancestors.length - 1, node).at]?.type;
  return around === 'ExportDefaultDeclaration' || around === 'TSExportAssignment';
}

/** The node that stands where `node` stands once parentheses and type syntax are gone, and the index of its parent. */
export function outermost(ancestors: readonly Syntax[], parent: number, node: Syntax): { readonly at: number; readonly node: Syntax } {
  let at = parent;
  let value = node;
  for (let around = ancestors[at]; around !== undefined && isTransparent(around); around = ancestors[at]) {
    value = around;
    at--;
  }
  return { at, node: value };
}

/** What an anonymous function or class is called after where it stands. `parent`: index of the node around it. */
function readPlace(ancestors: readonly Syntax[], parent: number, node: Syntax): { key?: string; target?: string } {
  const { at, node: value } = outermost(ancestors, parent, node);
  const place = ancestors[at];
  switch (place?.type) {
    case 'Property':
    case 'ObjectProperty':
    case 'PropertyDefinition':
    case 'AccessorProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
      return place.value === value ? { key: readKey(place) } : {};
    case 'VariableDeclarator':
      return place.init === value && place.id?.type === 'Identifier' ? { target: place.id.name as string } : {};
    case 'AssignmentPattern':
    case 'AssignmentExpression': {
      const chain = place.right === value && place.left !== undefined ? readChain(place.left)?.replace(/^this\./, '') : undefined;
      return chain === undefined ? {} : { target: chain };
    }
    default:
      return {};
  }
}

function readKey(node: Syntax): string {
  const key = node.key as Syntax;
  if (node.computed === true) {
    const inner = innermost(key);
    const text = literalText(inner);
    if (text !== undefined) return text;
    const chain = readChain(inner);
    return chain === undefined ? '[computed]' : `[${chain}]`;
  }
  return literalText(key) ?? bigIntText(key) ?? nameOf(key) ?? '[computed]';
}

function bigIntText(node: Syntax): string | undefined {
  if (node.type === 'BigIntLiteral') return `${BigInt(String(node.value))}n`;
  return typeof node.bigint === 'string' ? `${BigInt(node.bigint)}n` : undefined;
}

/** An identifier's text; `#p` with its hash. */
function nameOf(node: Syntax | undefined): string | undefined {
  switch (node?.type) {
    case 'Identifier':
      return node.name as string;
    case 'PrivateIdentifier':
      return `#${node.name as string}`;
    case 'PrivateName':
      return `#${node.id?.name as string}`;
    default:
      return undefined;
  }
}

/** `a`, `this.b`, `a.b.#c`; undefined for anything else. */
export function readChain(node: Syntax): string | undefined {
  const at = innermost(node);
  if (at.type === 'Identifier') return at.name as string;
  if (at.type === 'ThisExpression') return 'this';
  if ((at.type !== 'MemberExpression' && at.type !== 'OptionalMemberExpression') || at.computed === true) return undefined;
  const object = at.object === undefined ? undefined : readChain(at.object);
  return object === undefined ? undefined : `${object}.${nameOf(at.property) ?? ''}`;
}

function readContainers(ancestors: readonly Syntax[]): readonly string[] {
  const names: string[] = [];
  for (let k = ancestors.length - 1; k >= 0; k--) {
    const at = ancestors[k] as Syntax;
    if (isFunction(at)) break;
    if (isClass(at)) {
      const place = readPlace(ancestors, k - 1, at);
      const isDefault = at.type === 'ClassDeclaration' && ancestors[k - 1]?.type === 'ExportDefaultDeclaration';
      names.push((at.id?.name as string | undefined) ?? place.key ?? place.target ?? (isDefault ? 'default' : '<class>'));
    } else if (at.type === 'TSModuleDeclaration') {
      names.push(
        ...namespaceNames(at.id as Syntax)
          .reverse()
          .map((name) => name.name as string),
      );
    } else if (at.type === 'ObjectExpression' || at.type === 'ObjectPattern') {
      // A pattern that declares is never among the ancestors: this is the target of an assignment, an object to TypeScript.
      const { key, target } = readPlace(ancestors, k - 1, at);
      const name = key ?? target;
      if (name !== undefined) names.push(name);
    }
  }
  return names.reverse();
}

/** `A.B` in `namespace A.B {}`: one name in some versions of the syntax, nested namespaces in others. */
export function namespaceNames(id: Syntax): Syntax[] {
  return id.type === 'TSQualifiedName' ? [...namespaceNames(id.left as Syntax), id.right as Syntax] : [id];
}
