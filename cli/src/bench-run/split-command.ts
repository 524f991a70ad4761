/** A command written as one text, into its words. No shell reads it: quotes are all there is, neither variables nor pipes. */
import { InputError } from '../input-error.ts';

const WORD = /\s*((?:"(?:[^"\\]|\\["\\])*"|'[^']*'|[^\s"'])+)/y;
const QUOTED = /"((?:[^"\\]|\\["\\])*)"|'([^']*)'/g;

/**
 * @example splitCommand(`node "my app.js" --name='a b'`) // ['node', 'my app.js', '--name=a b']
 * @throws {InputError} for no word at all, and for a quote without its end
 */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = [];
  WORD.lastIndex = 0;
  let read = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    read = WORD.lastIndex;
    words.push(
      (match[1] ?? '').replace(QUOTED, (_, double?: string, single?: string) => single ?? (double ?? '').replace(/\\(["\\])/g, '$1')),
    );
  }
  if (text.slice(read).trim() !== '') throw new InputError(`a quote in the command ${JSON.stringify(text)} has no end`, 2);
  if (words.length === 0) throw new InputError('the command is empty; say for example "node app.js"', 2);
  return words;
}
