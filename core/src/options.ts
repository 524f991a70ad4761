/**
 * Build options: one strict schema for every host (DESIGN.md section 3). JSON values only, because tsconfig and worker
 * loaders carry nothing else. The only place where defaults are written.
 */
import { LEVELS, type Level } from '@captureflow/trace/metadata';
import leven from 'leven';
import * as v from 'valibot';
import { CaptureFlowError } from './errors.ts';

/** A level for the files and functions that match. Later rules win over earlier ones. */
export interface LevelRule {
  /** Glob over the path from the project root. Default: every file. */
  readonly file?: string | undefined;
  /** Glob over the scope path (`Cart.*`). Default: every function. */
  readonly function?: string | undefined;
  readonly level: Level;
}

/** Names, `*` standing for any characters; letters count alike in both cases. */
export interface NameLists {
  /** Never recorded. */
  readonly deny?: readonly string[] | undefined;
  /** Recorded although the name is a sensitive one. */
  readonly allow?: readonly string[] | undefined;
}

/** What a user writes beside the plugin's name. Every key is optional. */
export interface Options {
  /** Globs over the path from the project root; a file must match one. Default: `['**']`. */
  readonly include?: readonly string[] | undefined;
  /** Globs; a file that matches one is left alone. Default: `['**&#47;node_modules/**']`. */
  readonly exclude?: readonly string[] | undefined;
  /** How much every function reports. Default: `locals`. */
  readonly level?: Level | undefined;
  readonly rules?: readonly LevelRule[] | undefined;
  /** Module specifier of the runtime. Default: `@captureflow/runtime`. */
  readonly runtime?: string | undefined;
  /** Where names and positions go: into the code, or into a file beside it. Default: `inline`. */
  readonly metadata?: 'inline' | 'manifest' | undefined;
  /** Record declared types as text. Default: false. */
  readonly types?: boolean | undefined;
  /** Project root that module ids are relative to. Default: the host's (the folder of tsconfig.json). */
  readonly root?: string | undefined;
  /** Variables and parameters whose values are hidden, or shown. Keys of objects are the runtime's: `start({ redact })`. Default: the built-in names are hidden. */
  readonly redact?: NameLists | undefined;
  /** A file, from the root on, that says of every function which names it records: for reviewers, under version control. Default: none. */
  readonly privacyManifest?: string | undefined;
  /** Leaf functions (no call, no loop) with fewer characters in their body than this are skipped and reported. Default: 0. */
  readonly minSize?: number | undefined;
}

export type ResolvedOptions = {
  readonly [K in Exclude<keyof Options, 'root' | 'rules' | 'privacyManifest'>]-?: Exclude<Options[K], undefined>;
} & {
  readonly root: string;
  readonly rules: readonly LevelRule[];
  readonly privacyManifest?: string | undefined;
};

const NATURAL = 'must be a whole number from 0 on';
const levelSchema = v.picklist(LEVELS);
const ruleSchema = v.strictObject({ file: v.optional(v.string()), function: v.optional(v.string()), level: levelSchema });

const NAME = 'must be the name of a variable; paths such as "user.address" are hidden by the runtime: start({ redact: { deny } })';
const nameSchema = v.pipe(v.string(), v.regex(/^[^.\s]+$/, NAME));
const namesSchema = v.strictObject({ deny: v.optional(v.array(nameSchema)), allow: v.optional(v.array(nameSchema)) });

const schema = v.strictObject({
  include: v.optional(v.array(v.string()), ['**']),
  exclude: v.optional(v.array(v.string()), ['**/node_modules/**']),
  level: v.optional(levelSchema, 'locals'),
  rules: v.optional(v.array(ruleSchema), []),
  runtime: v.optional(v.pipe(v.string(), v.nonEmpty('must not be empty')), '@captureflow/runtime'),
  metadata: v.optional(v.picklist(['inline', 'manifest']), 'inline'),
  types: v.optional(v.boolean(), false),
  root: v.optional(v.string()),
  redact: v.optional(namesSchema, {}),
  privacyManifest: v.optional(v.pipe(v.string(), v.nonEmpty('must not be empty'))),
  minSize: v.optional(v.pipe(v.number(), v.integer(NATURAL), v.minValue(0, NATURAL)), 0),
});

const KEYS: readonly string[] = Object.keys(schema.entries);
const NESTED_KEYS: Readonly<Record<string, readonly string[]>> = {
  rules: Object.keys(ruleSchema.entries),
  redact: Object.keys(namesSchema.entries),
};

/**
 * Checks `raw` and fills in the defaults. `root`: the host's project root, used when the option is absent.
 * Throws `CaptureFlowError` OPTION_UNKNOWN or OPTION_INVALID naming the key's path.
 */
export function resolveOptions(raw: unknown, root: string): ResolvedOptions {
  const result = v.safeParse(schema, raw ?? {}, { abortEarly: true });
  if (!result.success) throw describeIssue(result.issues[0]);
  return { ...result.output, root: result.output.root ?? root };
}

function describeIssue(issue: v.BaseIssue<unknown>): CaptureFlowError {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  const key = path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
  if (issue.kind === 'schema' && issue.expected === 'never') {
    const name = String(path.at(-1));
    return new CaptureFlowError('OPTION_UNKNOWN', {
      key,
      hint: nearestKey(name, NESTED_KEYS[path.length > 1 ? String(path[0]) : ''] ?? KEYS),
    });
  }
  const problem = issue.kind === 'schema' ? `must be ${issue.expected}, but is ${issue.received}` : issue.message;
  return new CaptureFlowError('OPTION_INVALID', { key: key === '' ? 'options' : key, problem });
}

function nearestKey(name: string, keys: readonly string[]): string {
  const nearest = keys.reduce((best, key) => (leven(name, key) < leven(name, best) ? key : best));
  return leven(name, nearest) <= Math.max(2, name.length / 2) ? `did you mean "${nearest}"?` : `the options are ${keys.join(', ')}.`;
}
