/**
 * A source map as places, and the text it leads to as facts: how a text that a compiler made is told from what the user wrote.
 */
import { createOrigin, type FileFacts, lineStarts, type Origin, type OriginPlace } from '@captureflow/core';
import { decodedMappings, FlattenMap } from '@jridgewell/trace-mapping';
import { type ParsedFile, parse } from './parse.ts';
import { read } from './read.ts';
import type { IncomingMap } from './source-map.ts';

/** Undefined for a map that leads to no program, or to more than one file: then the text stands for itself. */
export function readOrigin({ fileName, source }: ParsedFile, facts: FileFacts, incoming: IncomingMap): Origin | undefined {
  const map = new FlattenMap(incoming as never);
  const text = map.sourcesContent?.[0];
  if (map.sources.length !== 1 || typeof text !== 'string') return undefined;
  const file = parse(text, fileName, facts.kind);
  if ('message' in file) return undefined;
  const [madeStarts, writtenStarts] = [lineStarts(source), lineStarts(text)];
  const places: OriginPlace[] = [];
  decodedMappings(map).forEach((segments, line) => {
    for (const segment of segments) {
      if (segment.length === 1) continue;
      const [column, , writtenLine, writtenColumn] = segment;
      const [madeStart, writtenStart] = [madeStarts[line], writtenStarts[writtenLine]];
      if (madeStart !== undefined && writtenStart !== undefined) places.push([madeStart + column, writtenStart + writtenColumn]);
    }
  });
  return places.length === 0 ? undefined : createOrigin({ facts, places, written: { source: text, facts: read(file, facts.kind) } });
}
