/**
 * A source map names its sources relative to itself. Chaining needs names that do not depend on a place, and a map that is written
 * elsewhere names them anew. URLs stay as they are.
 */
import { isAbsolute, relative, resolve } from 'node:path';

/** Source map version 3, as far as its sources go; indexed maps hold others in `sections`. */
export interface RawSourceMap {
  readonly version: number;
  readonly file?: string;
  readonly sourceRoot?: string | null;
  readonly sources?: readonly (string | null)[];
  readonly sections?: readonly { readonly map: RawSourceMap }[];
  readonly [key: string]: unknown;
}

/** `folder`: of the map's file, or of the code when the map stands in it. The answer has no `sourceRoot`. */
export function resolveSources(map: RawSourceMap, folder: string): RawSourceMap {
  const { sourceRoot, ...rest } = map;
  return eachSource(rest, (source) => {
    const rooted = isPlaced(source) || !sourceRoot ? source : `${sourceRoot.replace(/\/$/, '')}/${source}`;
    return isPlaced(rooted) ? rooted : resolve(folder, rooted);
  });
}

/** `folder`: where the map will be. */
export function relateSources(map: RawSourceMap, folder: string): RawSourceMap {
  return eachSource(map, (source) => (isAbsolute(source) ? relative(folder, source).replaceAll('\\', '/') : source));
}

function eachSource(map: RawSourceMap, change: (source: string) => string): RawSourceMap {
  const { sources, sections } = map;
  return {
    ...map,
    ...(sources === undefined ? {} : { sources: sources.map((source) => (source === null ? null : change(source))) }),
    ...(sections === undefined ? {} : { sections: sections.map((section) => ({ ...section, map: eachSource(section.map, change) })) }),
  };
}

/** A URL, or a path from the root. */
function isPlaced(source: string): boolean {
  // Two letters at least: one is a drive.
  return isAbsolute(source) || /^(?:[a-z][a-z\d+.-]+:|\/\/)/i.test(source);
}
