/**
 * A literal without variables (numbers, strings, arrays, objects) as the compiler would print it: the metadata of a file would
 * otherwise be read, built and printed node by node, and nothing can happen to it on the way.
 */
import type ts from 'typescript';

type TS = typeof ts;

const TOKEN = /"(?:[^"\\]|\\.)*"|\{\}|[{}:,]/g;
const SPACED: Readonly<Record<string, string>> = { '{': '{ ', '}': ' }', ':': ': ', ',': ', ' };

/** `text`: on one line, without spaces; strings as JSON writes them. */
export function formatLiteral(ts: TS, factory: ts.NodeFactory, text: string): string {
  return text.replace(
    TOKEN,
    (token) => SPACED[token] ?? (/^[{"](?:[ !#-[\]-~]*)[}"]$/.test(token) ? token : printString(ts, factory, token)),
  );
}

function printString(ts: TS, factory: ts.NodeFactory, json: string): string {
  const file = ts.createSourceFile('literal.js', '', ts.ScriptTarget.ESNext);
  return ts.createPrinter().printNode(ts.EmitHint.Expression, factory.createStringLiteral(JSON.parse(json) as string), file);
}
