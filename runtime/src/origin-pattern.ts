/** Which origins are meant by a list of them. Pure. */
import { isArray } from './primordials.ts';

/** True: to everybody. Origins: to these, `https://*.shop.example` being all hosts below one. */
export type Propagate = boolean | readonly string[];

const ORIGIN = /^(https?:)\/\/(\*\.)?([^/*?#@]+)\/?$/i;

/** Whether `text` can be told apart as an origin: scheme, host, port, nothing else; `*.` before the host. */
export function isOriginPattern(text: string): boolean {
  const match = ORIGIN.exec(text);
  return match !== null && URL.canParse(`${match[1]}//${match[3]}`);
}

/** The answers are kept: programs talk to few origins. */
export function originTest(propagate: Propagate): (origin: string) => boolean {
  if (!isArray(propagate)) return () => true;
  const exact = new Set<string>();
  const below: { readonly protocol: string; readonly port: string; readonly suffix: string }[] = [];
  for (const text of propagate as readonly string[]) {
    const [, protocol = '', wildcard, host = ''] = ORIGIN.exec(text) ?? [];
    const url = new URL(`${protocol}//${host}`);
    if (wildcard === undefined) exact.add(url.origin);
    else below.push({ protocol: url.protocol, port: url.port, suffix: `.${url.hostname}` });
  }
  const answers = new Map<string, boolean>();
  return (given) => {
    let answer = answers.get(given);
    if (answer === undefined) {
      const url = new URL(given);
      answer =
        exact.has(url.origin) ||
        below.some(({ protocol, port, suffix }) => url.protocol === protocol && url.port === port && url.hostname.endsWith(suffix));
      if (answers.size > 1000) answers.clear();
      answers.set(given, answer);
    }
    return answer;
  };
}
