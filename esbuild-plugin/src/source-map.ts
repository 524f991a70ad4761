/**
 * Source maps of instrumented text, chained to the map that the text came with.
 */
import remapping from '@jridgewell/remapping';
import { FlattenMap } from '@jridgewell/trace-mapping';
import type MagicString from 'magic-string';

/** Version 3. `toString()` gives the JSON. */
export interface SourceMap {
  readonly version: 3;
  readonly file?: string;
  readonly sources: readonly (string | null)[];
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  /** Encoded. */
  readonly mappings: string;
  toString(): string;
}

/** A source map that a host hands in: an object of version 3, or its JSON text. */
export type IncomingMap = string | object;

/**
 * `fileName`: what the map calls the source. `incoming`: the map of the text that was instrumented; then the sources are its sources.
 */
export function createMap(text: MagicString, fileName: string, incoming: IncomingMap | undefined): SourceMap {
  const options = { source: fileName, includeContent: true, hires: 'boundary' } as const;
  if (incoming === undefined) return text.generateMap(options) as unknown as SourceMap;
  const own = text.generateDecodedMap(options);
  // A map of sections, as some bundlers write them, is flattened; there is one map to chain to, so it is asked for once.
  const below = new FlattenMap(incoming as never);
  let isFirst = true;
  const chained = remapping({ ...own, version: 3 } as never, () => {
    const map = isFirst ? below : null;
    isFirst = false;
    return map as never;
  });
  return chained as unknown as SourceMap;
}
