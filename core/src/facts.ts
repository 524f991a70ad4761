/**
 * Facts: what a reader reports about one file, contract (a) of ARCHITECTURE.md, version 1. Plain JSON, no opinion:
 * no reader decides what is instrumented, how it is called or which variables matter.
 *
 * All offsets are UTF-16 units in the source text. A statement, expression or declaration starts at its first token
 * (decorators, `export` and comments not counted); `end` is exclusive. Scopes, bindings and functions are numbered in the
 * order of their start. Only code that exists at run time is reported (no types, overloads, ambient declarations).
 */

export const FACTS_VERSION = 1;

export interface FileFacts {
  readonly v: typeof FACTS_VERSION;
  /** What the *output* is: decides how the runtime is reached. `script`: neither ESM nor CommonJS (H93). */
  readonly kind: 'esm' | 'cjs' | 'script';
  /** Where a statement may be inserted first: after hashbang and directive prologue (H7). */
  readonly headEnd: number;
  readonly directives: readonly string[];
  readonly scopes: readonly ScopeFacts[];
  readonly bindings: readonly BindingFacts[];
  readonly writes: readonly WriteFacts[];
  readonly functions: readonly FunctionFacts[];
  /** Comments that contain `captureflow:`, `@sensitive` or an ignore word of ours; in order. */
  readonly comments: readonly CommentFacts[];
}

export interface CommentFacts {
  readonly start: number;
  readonly end: number;
  /** With its delimiters. */
  readonly text: string;
}

export interface ScopeFacts {
  /** Index of the enclosing scope; -1 for the file's own. */
  readonly parent: number;
  /**
   * `function`: parameters, `var`s and what the body declares at its top level, apart (the body is a `block`);
   * `loop`: the head of a `for`; `catch`: its parameter; `switch`: its case block; `class`: a class body; `with`: its body.
   */
  readonly kind: 'file' | 'namespace' | 'function' | 'block' | 'loop' | 'catch' | 'switch' | 'class' | 'with';
  /** Index of the function whose code this is; -1 at file level. */
  readonly function: number;
  readonly start: number;
  readonly end: number;
  /** Identifiers read or written directly in this scope (not in scopes inside it), each once, sorted. */
  readonly names: readonly string[];
  /** A direct `eval(…)` stands directly in this scope. */
  readonly eval: boolean;
}

export interface BindingFacts {
  readonly scope: number;
  readonly name: string;
  /** Offset of the declaring identifier. */
  readonly start: number;
  readonly kind: 'parameter' | 'var' | 'let' | 'const' | 'using' | 'catch' | 'function' | 'class' | 'other';
  /** Declared type as written, where the syntax has one. */
  readonly type?: string;
}

/** An assignment to an identifier, as an expression that can be wrapped. */
export interface WriteFacts {
  /** The scope the expression stands in. */
  readonly scope: number;
  /** Names assigned, in source order. */
  readonly names: readonly string[];
  /** `assign`: `x = E`, `x += E`, `x ??= E` …; `pattern`: `[x, y] = E`; `prefix`, `postfix`: `++x`, `x--`; `head`: `for (x of …)`, its `start` is the body list's. */
  readonly kind: 'assign' | 'pattern' | 'prefix' | 'postfix' | 'head';
  readonly start: number;
  readonly end: number;
  /** Nobody uses the expression's value (expression statement, `for` update, operand of a discarded comma). */
  readonly discarded: boolean;
}

export interface FunctionFacts {
  /** The body's first offset: its `{`, or the first token of an expression body with parentheses peeled off. The key between facts and AST. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Start of the function itself: `function`, `async`, the parameter list of an arrow, the key of a method (modifiers included). */
  readonly start: number;
  /** Index of the function that contains this one; -1. */
  readonly parent: number;
  readonly scope: number;
  readonly form: 'declaration' | 'expression' | 'arrow' | 'method' | 'getter' | 'setter' | 'constructor' | 'static-block';
  readonly async: boolean;
  readonly generator: boolean;
  readonly static: boolean;
  /** Constructor of a class with `extends`. */
  readonly derived: boolean;
  /** Constructor of a class that has parameter properties or instance fields (older TypeScript emits them wrongly, H55). */
  readonly initialises: boolean;
  /** An expression body. */
  readonly concise: boolean;
  readonly name: NameFacts;
  readonly parameters: readonly ParameterFacts[];
  readonly directives: readonly string[];
  /** Where the first statement after the directives may be inserted. */
  readonly directivesEnd: number;
  /** Top-level statements of a block body; one list. Empty for a concise body. */
  readonly body: ListFacts;
  readonly returns: readonly ReturnFacts[];
  /** `await`, `yield`, `yield*` expressions of this function, in order of their start. */
  readonly pauses: readonly PauseFacts[];
  /** Declared return type as written. */
  readonly returnType?: string;
  /** The function is an argument: source text of the callee, if it is a plain member chain (`jest.mock`, `page.evaluate`) (H120, H140). */
  readonly argumentOf?: string;
}

/** Hints, strongest first; the plan makes the display name (H5, H6). */
export interface NameFacts {
  /** `function f`, named function expression. */
  readonly own?: string;
  /** Property key, method name; `#p` with its hash; strings and numbers as their value; `[computed]` when it is an expression. */
  readonly key?: string;
  /** `const f = () => …`, `f = () => …`, `a.b = () => …` (then `a.b`), default values. */
  readonly target?: string;
  /** Names of the enclosing classes, namespaces and named object literals inside the nearest function, outermost first. */
  readonly containers: readonly string[];
  /** `export default`. */
  readonly isDefault: boolean;
}

export interface ParameterFacts {
  /** Indexes of the bindings it declares, in source order; empty for a `this` parameter. */
  readonly bindings: readonly number[];
  readonly kind: 'identifier' | 'pattern' | 'rest' | 'this';
  readonly hasDefault: boolean;
  readonly type?: string;
}

/** A statement list, or the place of a single statement (`if (x) y();`). */
export interface ListFacts {
  /** `{` of a block; `case` or `default` of a clause; the statement itself for a single one. */
  readonly start: number;
  readonly end: number;
  readonly form: 'block' | 'clause' | 'single';
  /** What the list is to the statement that holds it. */
  readonly role: 'body' | 'block' | 'branch' | 'loop' | 'try' | 'catch' | 'finally' | 'case' | 'with';
  readonly scope: number;
  /** Bindings that are initialised when the list is entered: loop variables, catch parameter. */
  readonly entry: readonly number[];
  readonly statements: readonly StatementFacts[];
}

export interface StatementFacts {
  /** Outermost label included. */
  readonly start: number;
  readonly end: number;
  readonly kind:
    | 'lexical'
    | 'var'
    | 'function'
    | 'class'
    | 'expression'
    | 'return'
    | 'throw'
    | 'break'
    | 'continue'
    | 'if'
    | 'loop'
    | 'switch'
    | 'try'
    | 'block'
    | 'with'
    | 'empty'
    | 'other';
  readonly labels: readonly string[];
  /** Target label of `break` and `continue`. */
  readonly target?: string;
  /** Of `lexical`, `var` and loops whose head says `using`: one entry a declarator. */
  readonly declarators?: readonly DeclaratorFacts[];
  /** `using` or `await using`: of `lexical`, and of loops with it in the head. */
  readonly disposes?: boolean;
  /** Of `function`: index of its binding. */
  readonly binding?: number;
  readonly loop?: 'for' | 'for-in' | 'for-of' | 'for-await' | 'while' | 'do';
  /** Head expressions that run after the body (test, update), of `for`, `while`, `do`; or the iterator of for-in/of. */
  readonly headCanThrow?: boolean;
  readonly lists: readonly ListFacts[];
}

export interface DeclaratorFacts {
  readonly start: number;
  readonly end: number;
  readonly bindings: readonly number[];
  /** `await using`. */
  readonly awaits: boolean;
}

export interface ReturnFacts {
  /** Of the statement, labels included; of a concise body: `FunctionFacts.bodyStart`. */
  readonly start: number;
  readonly end: number;
  readonly hasArgument: boolean;
  /** The argument, types and parentheses peeled off, is an anonymous function, class or arrow (H5). */
  readonly anonymous: boolean;
  /** Index of the scope it stands in. */
  readonly scope: number;
  /** It lies in the `try` or `catch` block of a `try` with `finally`. */
  readonly underFinally: boolean;
  /** It lies in the body of a `for await`, or under an `await using` of this function. */
  readonly underAwait: boolean;
  /** It lies inside `with`. */
  readonly underWith: boolean;
}

export interface PauseFacts {
  readonly kind: 'await' | 'yield' | 'delegate';
  readonly start: number;
  readonly end: number;
  readonly hasArgument: boolean;
}
