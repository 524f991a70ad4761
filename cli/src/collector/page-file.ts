/** The page that is served, and what its browser may do: nothing but what stands in it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

export interface PageFile {
  readonly html: string;
  /** Content-Security-Policy. */
  readonly policy: string;
}

/** Where the build puts it, and, for those who work on it from sources, where the viewer's own build does. */
const PLACES: readonly URL[] = [new URL('./viewer.html', import.meta.url), new URL('../../../viewer/dist/index.html', import.meta.url)];

/** Undefined: it was not built. `places`: where to look. */
export function readPageFile(places: readonly (string | URL)[] = PLACES): PageFile | undefined {
  const place = places.find((url) => existsSync(url));
  if (place === undefined) return undefined;
  const html = readFileSync(place, 'utf8');
  const scripts = [...html.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/gi)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data: blob:",
    'font-src data:',
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, policy };
}
