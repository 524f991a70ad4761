/** The door of core for front ends whose trees are ESTree or Babel's dialect. */
export { childKeys } from './children.ts';
export { detectKind, type KindHints } from './detect-kind.ts';
export type { Node, Syntax } from './node.ts';
export { readChain } from './read-names.ts';
export { type ReadInput, readProgram } from './read-program.ts';
export {
  functionBody,
  functionParts,
  innermost,
  isClass,
  isDirective,
  isFunction,
  isTransparent,
  peelParentheses,
  statementsOf,
} from './syntax.ts';
export { findBrace, skipTrivia } from './trivia.ts';
