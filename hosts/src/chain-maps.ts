/**
 * Leads the map that a later tool made of instrumented text back to the text before.
 */
import remapping from '@jridgewell/remapping';
import { readIncomingMap, type SourceMap } from '@captureflow/esbuild-plugin';

const INLINE = /\n?\/\/# sourceMappingURL=data:[^\n]*\s*$/;

/** `later`: what the tool answered, with a map beside or inside; `own`: the map of the text that it was given. */
export function chainMaps(
  later: string | { readonly code: string; readonly map?: object | string | null | undefined },
  own: SourceMap | undefined,
): { code: string; map?: object | string | null | undefined } {
  const answer = typeof later === 'string' ? { code: later } : later;
  if (own === undefined) return answer;
  const map = ('map' in answer ? answer.map : undefined) ?? readIncomingMap(answer.code, '')?.map;
  if (map === undefined || map === null || map === '') return answer;
  let isFirst = true;
  const chained = remapping(map as never, () => {
    const source = isFirst ? own : null;
    isFirst = false;
    return source as never;
  });
  const text = chained.toString();
  const inline = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(text).toString('base64')}`;
  return { ...answer, code: answer.code.replace(INLINE, () => inline), map: text };
}
