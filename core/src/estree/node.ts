/**
 * Nodes as the reader sees them: ESTree with its TypeScript extension (oxc-parser) and Babel's dialect (7 and 8) in one structural
 * type. Types only; no parser is imported.
 */

/** What callers pass. Offsets in UTF-16 units. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

type Maybe<T> = T | null | undefined;

/** Every field that either dialect has and the reader asks for. `body` and `id` differ in kind between node types. */
export interface Syntax extends Node {
  readonly body?: Maybe<Syntax | readonly Syntax[]>;
  readonly id?: Maybe<Syntax>;
  readonly key?: Syntax;
  readonly value?: unknown;
  readonly name?: unknown;
  readonly label?: Maybe<Syntax>;
  readonly left?: Syntax;
  readonly right?: Syntax;
  readonly operator?: string;
  readonly prefix?: boolean;
  readonly argument?: Maybe<Syntax>;
  readonly arguments?: readonly Maybe<Syntax>[];
  readonly callee?: Syntax;
  readonly object?: Syntax;
  readonly property?: Syntax;
  readonly expression?: unknown;
  readonly expressions?: readonly Syntax[];
  readonly quasis?: readonly Syntax[];
  readonly elements?: readonly Maybe<Syntax>[];
  readonly properties?: readonly Syntax[];
  readonly computed?: boolean;
  readonly shorthand?: boolean;
  readonly method?: boolean;
  readonly static?: boolean;
  readonly declare?: boolean;
  readonly delegate?: boolean;
  readonly async?: boolean;
  readonly generator?: boolean;
  readonly await?: boolean;
  readonly kind?: Maybe<string>;
  readonly params?: readonly Syntax[];
  readonly param?: Maybe<Syntax>;
  readonly parameter?: Syntax;
  readonly returnType?: Maybe<Syntax>;
  readonly typeAnnotation?: Maybe<Syntax>;
  readonly decorators?: Maybe<readonly Syntax[]>;
  readonly superClass?: Maybe<Syntax>;
  readonly declarations?: readonly Syntax[];
  readonly declaration?: Maybe<Syntax>;
  readonly init?: Maybe<Syntax>;
  readonly test?: Maybe<Syntax>;
  readonly update?: Maybe<Syntax>;
  readonly consequent?: Syntax | readonly Syntax[];
  readonly alternate?: Maybe<Syntax>;
  readonly block?: Syntax;
  readonly handler?: Maybe<Syntax>;
  readonly finalizer?: Maybe<Syntax>;
  readonly discriminant?: Syntax;
  readonly cases?: readonly Syntax[];
  readonly specifiers?: readonly Syntax[];
  readonly local?: Syntax;
  readonly exported?: Maybe<Syntax>;
  readonly attributes?: readonly Syntax[];
  readonly members?: readonly Syntax[];
  readonly initializer?: Maybe<Syntax>;
  readonly directive?: Maybe<string>;
  readonly directives?: readonly Syntax[];
  readonly program?: Syntax;
  readonly bigint?: Maybe<string>;
  readonly regex?: unknown;
  readonly raw?: Maybe<string>;
  readonly extra?: { readonly raw?: unknown; readonly expressionValue?: unknown };
}
