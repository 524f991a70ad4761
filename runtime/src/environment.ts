/**
 * The only reader of `process.env`, and of everything else the process says about itself. A bad value is one warning
 * and the default, never an error: the program did not write it.
 */
import { LEVELS } from '@captureflow/trace/metadata';
import type { Level } from '@captureflow/trace/metadata';
import type { SegmentHeader } from '@captureflow/trace/segment';
import { builtin, isWorkerd } from './builtin.ts';
import { readOtlpEnvironment } from './otlp-environment.ts';
import type { OtlpEnvironment } from './otlp-environment.ts';
import { PROFILE_NAMES } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import { creatorOfThread } from './process-context.ts';
import { readTraceparent } from './traceparent.ts';
import type { ParentContext } from './traceparent.ts';
import { warnOnce } from './warn.ts';

export interface Environment {
  /** `CAPTUREFLOW`: 'off' forbids recording whatever the program asks; 'on' records under NODE_ENV=production too. */
  readonly switch: 'on' | 'off' | undefined;
  /** `CAPTUREFLOW_LEVEL`. */
  readonly level: Level | undefined;
  /** `CAPTUREFLOW_PROFILE`. */
  readonly profile: ProfileName | undefined;
  /** `CAPTUREFLOW_BUDGET`: over 0, up to 1. */
  readonly budget: number | undefined;
  /** `CAPTUREFLOW_DEV_SERVER`: dump each trace as `trace_<invocation id>.json` in the working directory. */
  readonly devServer: boolean;
  /** `CAPTUREFLOW_CONSOLE`: print each trace's tree to stderr. */
  readonly console: boolean;
  /** `CAPTUREFLOW_SERVER_URL` and `CAPTUREFLOW_REPOSITORY_URL`. */
  readonly serverUrl: string | undefined;
  readonly repositoryUrl: string | undefined;
  /** `CAPTUREFLOW_COLLECTOR_URL`: a `captureflow serve` to send traces to. */
  readonly collectorUrl: string | undefined;
  /** `CAPTUREFLOW_OTLP`: send traces by OTLP. Not implied by `OTEL_*`: those may be there for another exporter, with another bill. */
  readonly sendsOtlp: boolean;
  /** `OTEL_EXPORTER_OTLP_*`. */
  readonly otlp: OtlpEnvironment;
  /** `TRACEPARENT` and `TRACESTATE`: who started this process (https://opentelemetry.io/docs/specs/otel/context/env-carriers/). */
  readonly parent: ParentContext | undefined;
  /** `TRACEPARENT` as it is. */
  readonly traceparent: string | undefined;
  /** Who began this thread or started this process. */
  readonly scriptParent: ParentContext | undefined;
  /** `CAPTUREFLOW_CHILD_PROCESSES`: child processes are told in which root they are begun. */
  readonly childProcesses: boolean;
  /** `NODE_ENV` is 'production'. */
  readonly production: boolean;
  /** `NO_COLOR` is not set and stderr is a terminal. */
  readonly color: boolean;
  /** Absolute, or '.' where there is none. */
  readonly workingDirectory: string;
  /** File name of the program, '' when unknown. */
  readonly script: string;
  readonly process: SegmentHeader['process'];
  /** False in browsers and edge runtimes: there is no place to write to. */
  readonly hasFiles: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** What pages and edge runtimes say of themselves. */
interface WebHost {
  readonly location?: { readonly hostname: string; readonly pathname: string };
  readonly EdgeRuntime?: unknown;
  readonly document?: unknown;
}

interface HostProcess {
  readonly env?: Variables;
  readonly pid?: number;
  readonly argv?: readonly string[];
  readonly version?: string;
  readonly versions?: Readonly<Record<string, string | undefined>>;
  cwd?(): string;
}

/** Reads all of it now. Never throws. `variables` stands in for `process.env` in tests. */
export function readEnvironment(variables?: Variables): Environment {
  const host = (globalThis as { process?: HostProcess }).process;
  const web = globalThis as WebHost;
  const page = attempt(() => web.location);
  const env = variables ?? attempt(() => host?.env) ?? {};
  const path = builtin('node:path');
  const workingDirectory = attempt(() => host?.cwd?.()) ?? '.';
  const script = attempt(() => host?.argv?.[1]) ?? '';
  const read = (name: string): string | undefined => {
    const value = attempt(() => env[name]);
    return value === undefined || value.trim() === '' ? undefined : value.trim();
  };
  const parent = readTraceparent(read('TRACEPARENT'), read('TRACESTATE'));
  return {
    switch: readSwitch(read('CAPTUREFLOW')),
    level: readLevel(read('CAPTUREFLOW_LEVEL')),
    profile: readProfile(read('CAPTUREFLOW_PROFILE')),
    budget: readBudget(read('CAPTUREFLOW_BUDGET')),
    devServer: readFlag('CAPTUREFLOW_DEV_SERVER', read('CAPTUREFLOW_DEV_SERVER')),
    console: readFlag('CAPTUREFLOW_CONSOLE', read('CAPTUREFLOW_CONSOLE')),
    serverUrl: readUrl('CAPTUREFLOW_SERVER_URL', read('CAPTUREFLOW_SERVER_URL')),
    repositoryUrl: read('CAPTUREFLOW_REPOSITORY_URL'),
    collectorUrl: readUrl('CAPTUREFLOW_COLLECTOR_URL', read('CAPTUREFLOW_COLLECTOR_URL')),
    sendsOtlp: readFlag('CAPTUREFLOW_OTLP', read('CAPTUREFLOW_OTLP')),
    otlp: readOtlpEnvironment(read),
    parent,
    traceparent: read('TRACEPARENT'),
    scriptParent: creatorOfThread(read('TRACEPARENT')) ?? parent,
    childProcesses: readFlag('CAPTUREFLOW_CHILD_PROCESSES', read('CAPTUREFLOW_CHILD_PROCESSES')),
    production: read('NODE_ENV') === 'production',
    // Not `process.stderr`: reading it opens the stream.
    color: read('NO_COLOR') === undefined && builtin('node:tty')?.isatty(2) === true,
    workingDirectory,
    // Of a page its path: what follows it may hold secrets.
    script: path === undefined ? (page?.pathname ?? script) : path.basename(script),
    process: {
      pid: host?.pid ?? 0,
      threadId: builtin('node:worker_threads')?.threadId ?? 0,
      service: read('OTEL_SERVICE_NAME') ?? read('npm_package_name') ?? path?.basename(workingDirectory) ?? page?.hostname ?? '',
      runtime: runtimeName(host, web),
    },
    hasFiles: builtin('node:fs') !== undefined && path !== undefined,
  };
}

/** Recording starts by itself when an instrumented module loads: everywhere but in production, where it has to be asked for. */
export function startsByItself(environment: Environment): boolean {
  if (environment.switch === 'off' || !environment.hasFiles) return false;
  return !environment.production || environment.switch === 'on' || environment.devServer || environment.console;
}

function readSwitch(value: string | undefined): 'on' | 'off' | undefined {
  switch (value?.toLowerCase()) {
    case undefined:
      return undefined;
    case 'on':
    case 'true':
    case '1':
    case 'yes':
      return 'on';
    case 'off':
    case 'false':
    case '0':
    case 'no':
      return 'off';
    default:
      warnOnce('env:CAPTUREFLOW', `CAPTUREFLOW=${value} is neither 'on' nor 'off'; ignored`);
      return undefined;
  }
}

function readLevel(value: string | undefined): Level | undefined {
  const level = LEVELS.find((name) => name === value?.toLowerCase());
  if (value !== undefined && level === undefined) {
    warnOnce('env:CAPTUREFLOW_LEVEL', `CAPTUREFLOW_LEVEL=${value} is none of ${LEVELS.join(', ')}; ignored`);
  }
  return level;
}

function readProfile(value: string | undefined): ProfileName | undefined {
  const profile = PROFILE_NAMES.find((name) => name === value?.toLowerCase());
  if (value !== undefined && profile === undefined) {
    warnOnce('env:CAPTUREFLOW_PROFILE', `CAPTUREFLOW_PROFILE=${value} is none of ${PROFILE_NAMES.join(', ')}; ignored`);
  }
  return profile;
}

function readBudget(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const budget = Number(value);
  if (budget > 0 && budget <= 1) return budget;
  warnOnce('env:CAPTUREFLOW_BUDGET', `CAPTUREFLOW_BUDGET=${value} is no number over 0, up to 1; ignored`);
  return undefined;
}

function readFlag(name: string, value: string | undefined): boolean {
  switch (value?.toLowerCase()) {
    case 'true':
    case '1':
    case 'on':
    case 'yes':
      return true;
    case undefined:
    case 'false':
    case '0':
    case 'off':
    case 'no':
      return false;
    default:
      warnOnce(`env:${name}`, `${name}=${value} is neither 'true' nor 'false'; taken as 'false'`);
      return false;
  }
}

function readUrl(name: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const url = attempt(() => new URL(value));
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return value;
  warnOnce(`env:${name}`, `${name} is not an http or https URL; ignored`);
  return undefined;
}

function runtimeName(host: HostProcess | undefined, web: WebHost): string {
  if (isWorkerd) return 'workerd';
  if (web.EdgeRuntime !== undefined) return 'edge-light';
  const versions = host?.versions;
  for (const name of ['bun', 'deno']) if (versions?.[name] !== undefined) return `${name} ${versions[name]}`;
  if (host?.version === undefined) return web.document === undefined ? 'javascript' : 'browser';
  return `node ${host.version}`;
}

/** Deno without permission, a deleted working directory and sandboxes throw at a plain read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
