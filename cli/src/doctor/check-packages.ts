/** Whether what a project needs of ours is there, where its code looks for it, and in versions that belong together. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from './finding.ts';

const PACKAGES = ['runtime', 'hosts', 'transformer', 'babel-plugin', 'esbuild-plugin'] as const;
/** What instrumented code imports. */
const PROBES = '@captureflow/runtime/probe-1';
const OLDEST_NODE = [20, 20, 2] as const;

export function checkNode(version: string): Finding {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  const first = OLDEST_NODE.findIndex((part, i) => (parts[i] ?? 0) !== part);
  if (first >= 0 && (parts[first] ?? 0) < (OLDEST_NODE[first] as number)) {
    return { title: `Node ${version}`, status: 'fail', detail: `is older than ${OLDEST_NODE.join('.')}`, fix: 'use a newer Node' };
  }
  return { title: `Node ${version}`, status: 'ok' };
}

/** `version`: of this command. */
export function checkPackages(cwd: string, version: string): Finding[] {
  const require = createRequire(pathToFileURL(join(cwd, 'package.json')));
  const found = PACKAGES.flatMap((name) => {
    const known = versionOf(require, `@captureflow/${name}`);
    return known === undefined ? [] : [{ name: `@captureflow/${name}`, version: known }];
  });
  const findings: Finding[] = [{ title: `captureflow ${version}`, status: 'ok' }];
  for (const { name, version: each } of found) {
    findings.push(
      each === version
        ? { title: `${name} ${each}`, status: 'ok' }
        : {
            title: `${name} ${each}`,
            status: 'warn',
            detail: `is not of the version of this command, ${version}`,
            fix: `npm install ${name}@${version}`,
          },
    );
  }
  findings.push(checkRuntime(require, cwd));
  if (!found.some(({ name }) => name !== '@captureflow/runtime')) {
    findings.push({
      title: 'build plugin',
      status: 'warn',
      detail: 'none is installed here, so nothing instruments this program',
      fix: 'npm install -D @captureflow/hosts, or instrument what a compiler emitted: captureflow instrument dist -o traced',
    });
  }
  return findings;
}

function checkRuntime(require: NodeJS.Require, cwd: string): Finding {
  try {
    require.resolve(PROBES);
    return { title: 'the runtime resolves', status: 'ok', detail: `${PROBES} from ${cwd}` };
  } catch (error) {
    return {
      title: 'the runtime resolves',
      status: 'fail',
      detail: `${PROBES} cannot be found from ${cwd} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): instrumented ES modules would not load, CommonJS would run unrecorded`,
      fix: 'npm install @captureflow/runtime',
    };
  }
}

function versionOf(require: NodeJS.Require, name: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}
