/**
 * Trees that another compiler changed before us (the React Compiler, a pass before ours, a tree without its text): they hold nodes
 * without a place, and places are what facts, plan and tree meet by. Such a tree is printed and parsed again; afterwards its
 * nodes get their places in the user's file back, so that maps, stack lines and records name those.
 */
import type { types } from '@babel/core';
import { createLineIndex, type Origin } from '@captureflow/core';
import { LEAST_UPPER_BOUND, originalPositionFor, type SourceMapInput, TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import type { Babel, BabelFile } from './babel.ts';

export interface Reprint {
  readonly ast: types.File;
  readonly source: string;
  /** Undefined: the tree knows no place at all, so the printed text is all there is. */
  readonly origin: Origin | undefined;
  /** Puts `ast` into the file in place of what it had. */
  adopt(): void;
}

/** Every node is one that the parser made of `source`. */
export function isParsed(babel: Babel, program: types.Program, source: string): boolean {
  // A tree may come without its text, or with places that count from somewhere else.
  let complete = program.start === 0 && (program.end ?? 0) <= source.length && (source !== '' || program.body.length === 0);
  walk(babel, program, (node) => {
    complete &&= typeof node.start === 'number' && typeof node.end === 'number';
  });
  return complete;
}

export function reprint(babel: Babel, file: BabelFile, fileName: string): Reprint {
  const { program } = file.ast;
  const { sourceType } = program;
  const shared = { configFile: false, babelrc: false, filename: fileName, sourceType } as const;
  const parserOpts = file.opts.parserOpts ?? {};
  const printed = babel.transformFromAstSync(file.ast, file.code, {
    ...shared,
    parserOpts,
    sourceMaps: true,
    inputSourceMap: false as never,
    compact: false,
  });
  const source = printed?.code ?? '';
  const ast = babel.parseSync(source, { ...shared, parserOpts }) as types.File;
  const lines = createLineIndex(source);
  const trace = new TraceMap(printed?.map as unknown as SourceMapInput);

  /** Line from 1, column from 0, in the user's file; `exact`: something of the user's begins just there. */
  function find(offset: number): { readonly line: number; readonly column: number; readonly exact: boolean } | undefined {
    const { line, column } = lines.at(offset);
    const segment = traceSegment(trace, line - 1, column - 1);
    if (segment === null || segment.length === 1) return undefined;
    return { line: segment[2] + 1, column: segment[3], exact: segment[0] === column - 1 };
  }

  const begins = (offset: number): boolean => find(offset)?.exact === true;

  const origin: Origin = {
    at(offset) {
      // A function that the compiler moved has no place of its own, but what stands in it has.
      const place = find(offset);
      const { line, column } = lines.at(offset);
      const next = place?.exact === true ? undefined : originalPositionFor(trace, { line, column: column - 1, bias: LEAST_UPPER_BOUND });
      const known = typeof next?.line === 'number' ? next : (place ?? { line: 1, column: 0 });
      return { line: known.line, column: known.column + 1 };
    },
    isGenerated: (fn) => ![fn.start, fn.bodyStart, ...fn.body.statements.map((statement) => statement.start)].some(begins),
  };

  return {
    ast,
    source,
    origin: /^;*$/.test(printed?.map?.mappings ?? '') ? undefined : origin,
    adopt() {
      walk(babel, ast.program, (node) => {
        if (typeof node.start !== 'number' || typeof node.end !== 'number' || !isThere(node.loc)) return;
        const start = find(node.start);
        const end = find(node.end - 1);
        if (start?.exact === true && end !== undefined) {
          node.loc = { ...node.loc, start: placeOf(start), end: placeOf({ line: end.line, column: end.column + 1 }) };
        } else delete node.loc;
        // Offsets belong to a text that nobody after us has.
        delete node.start;
        delete node.end;
      });
      program.body = ast.program.body;
      program.directives = ast.program.directives;
      file.ast.comments = ast.comments ?? [];
    },
  };
}

function placeOf({ line, column }: { readonly line: number; readonly column: number }): types.SourceLocation['start'] {
  return { line, column } as types.SourceLocation['start'];
}

/** Without recursion: a sum of thousands of terms is deeper than the stack. */
function walk(babel: Babel, root: types.Node, visit: (node: types.Node) => void): void {
  const keys = babel.types.VISITOR_KEYS;
  const open: types.Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    visit(node);
    for (const key of keys[node.type] ?? []) {
      const child = (node as unknown as Record<string, types.Node | (types.Node | null)[] | null | undefined>)[key];
      if (Array.isArray(child)) open.push(...child.filter(isThere));
      else if (isThere(child)) open.push(child);
    }
  }
}

function isThere<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
