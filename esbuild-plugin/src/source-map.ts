/**
 * Source maps of instrumented text, chained to the map that the text came with.
 */
import remapping from '@jridgewell/remapping';
import { FlattenMap } from '@jridgewell/trace-mapping';
import type { EditedText } from './edited-text.ts';
import { encodeMappings } from './encode-mappings.ts';

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
export function createMap(text: EditedText, fileName: string, incoming: IncomingMap | undefined): SourceMap {
  const own = new TextMap(fileName, text);
  if (incoming === undefined) return own;
  // A map of sections, as some bundlers write them, is flattened; there is one map to chain to, so it is asked for once.
  const below = new FlattenMap(incoming as never);
  let isFirst = true;
  const chained = remapping({ ...own } as never, () => {
    const map = isFirst ? below : null;
    isFirst = false;
    return map as never;
  });
  return chained as unknown as SourceMap;
}

/** A class, so that `toString` is not among the fields that hosts copy and send to workers. */
class TextMap implements SourceMap {
  readonly version = 3;
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
  readonly names: readonly string[] = [];
  readonly mappings: string;

  constructor(fileName: string, text: EditedText) {
    // A map names files as URLs do.
    this.sources = [fileName.replaceAll('\\', '/')];
    this.sourcesContent = [text.source];
    this.mappings = encodeMappings(text);
  }

  toString(): string {
    return JSON.stringify(this);
  }
}
