/** Where the project says which names its functions record. Reads the file that builds write; what it is, docs/privacy.md says. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { counted } from '../traces/counted.ts';
import type { Finding } from './finding.ts';

/** The name that the docs use: build tools have options of their own, of which nothing is known here. */
const USUAL_FILE = 'captureflow.privacy.json';

/** `file`: option `privacyManifest` of the project's own configuration. */
export function checkPrivacy(cwd: string, file: string | undefined): Finding {
  const name = file ?? USUAL_FILE;
  const fix = `option "privacyManifest" of the plugin has the build write which names each function records, for a review: "${name}"`;
  let text: string;
  try {
    text = readFileSync(resolve(cwd, name), 'utf8');
  } catch {
    return file === undefined
      ? { title: 'no privacy manifest', status: 'ok', detail: fix }
      : { title: `privacy manifest ${name}`, status: 'warn', detail: 'is not there yet', fix: 'build once without a cache' };
  }
  try {
    const { modules } = JSON.parse(text) as { readonly modules: Readonly<Record<string, Readonly<Record<string, { hidden?: object }>>>> };
    const entries = Object.values(modules).flatMap((functions) => Object.values(functions));
    const hidden = entries.reduce((sum, each) => sum + Object.keys(each.hidden ?? {}).length, 0);
    return {
      title: `privacy manifest ${name}`,
      status: 'ok',
      detail: `which names each function records; ${counted(entries.length, 'function')} of ${counted(Object.keys(modules).length, 'file')}, ${counted(hidden, 'name')} hidden`,
    };
  } catch {
    return {
      title: `privacy manifest ${name}`,
      status: 'fail',
      detail: 'is none: it was changed by hand or by a merge',
      fix: 'remove it and build again',
    };
  }
}
