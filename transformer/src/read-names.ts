/**
 * Name hints of functions from the TypeScript AST: own name, property key, assignment target, containers.
 * Reports only; core makes the display name of them.
 */
import type { NameFacts } from '@captureflow/core';
import type ts from 'typescript';
import { innermost, isAssignment, outermost } from './syntax.ts';

type TS = typeof ts;

export function readName(ts: TS, node: ts.SignatureDeclaration | ts.ClassStaticBlockDeclaration): NameFacts {
  const own = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) ? node.name?.text : undefined;
  const isMember = ts.isMethodDeclaration(node) || ts.isGetAccessorDeclaration(node) || ts.isSetAccessorDeclaration(node);
  const key = isMember ? readKey(ts, node.name) : undefined;
  const hints = isMember || ts.isClassStaticBlockDeclaration(node) || ts.isConstructorDeclaration(node) ? {} : readPlace(ts, node);
  const isDefault = (ts.isFunctionDeclaration(node) && hasDefault(ts, node)) || ts.isExportAssignment(outermost(ts, node).parent);
  return {
    ...(own === undefined ? {} : { own }),
    ...(key === undefined ? hints : { key }),
    containers: readContainers(ts, node),
    isDefault,
  };
}

function hasDefault(ts: TS, node: ts.FunctionDeclaration | ts.ClassDeclaration): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword) === true;
}

/** What an anonymous function or class is called after where it stands. */
function readPlace(ts: TS, node: ts.Node): { key?: string; target?: string } {
  const value = outermost(ts, node);
  const place = value.parent;
  if (place === undefined) return {};
  if ((ts.isPropertyAssignment(place) || ts.isPropertyDeclaration(place)) && place.initializer === value)
    return { key: readKey(ts, place.name) };
  if ((ts.isVariableDeclaration(place) || ts.isParameter(place) || ts.isBindingElement(place)) && place.initializer === value) {
    return ts.isIdentifier(place.name) ? { target: place.name.text } : {};
  }
  if (ts.isShorthandPropertyAssignment(place) && place.objectAssignmentInitializer === value) return { target: place.name.text };
  if (ts.isBinaryExpression(place) && place.right === value && isAssignment(ts, place)) {
    const chain = readChain(ts, place.left)?.replace(/^this\./, '');
    return chain === undefined ? {} : { target: chain };
  }
  return {};
}

function readKey(ts: TS, name: ts.PropertyName): string {
  if (!ts.isComputedPropertyName(name)) return name.text;
  const key = innermost(ts, name.expression);
  if (ts.isStringLiteralLike(key) || ts.isNumericLiteral(key)) return key.text;
  const chain = readChain(ts, key);
  return chain === undefined ? '[computed]' : `[${chain}]`;
}

/** `a`, `this.b`, `a.b.#c`; undefined for anything else. */
export function readChain(ts: TS, node: ts.Expression): string | undefined {
  const at = innermost(ts, node);
  if (ts.isIdentifier(at)) return at.text;
  if (at.kind === ts.SyntaxKind.ThisKeyword) return 'this';
  if (!ts.isPropertyAccessExpression(at)) return undefined;
  const object = readChain(ts, at.expression);
  return object === undefined ? undefined : `${object}.${at.name.text}`;
}

function readContainers(ts: TS, node: ts.Node): readonly string[] {
  const names: string[] = [];
  for (let at: ts.Node | undefined = node.parent; at !== undefined && !isFunctionBoundary(ts, at); at = at.parent) {
    if (ts.isClassLike(at)) {
      const place = readPlace(ts, at);
      names.unshift(
        at.name?.text ?? place.key ?? place.target ?? (ts.isClassDeclaration(at) && hasDefault(ts, at) ? 'default' : '<class>'),
      );
    } else if (ts.isModuleDeclaration(at)) names.unshift(at.name.text);
    else if (ts.isObjectLiteralExpression(at)) {
      const { key, target } = readPlace(ts, at);
      const name = key ?? target;
      if (name !== undefined) names.unshift(name);
    }
  }
  return names;
}

function isFunctionBoundary(ts: TS, node: ts.Node): boolean {
  return ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node);
}
