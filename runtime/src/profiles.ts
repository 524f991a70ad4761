/** Named sets of options for what recordings are made for. Each value here can be given to `start` as well, and then wins. */
import { DEFAULT_LIMITS } from './recorder-config.ts';
import type { StartOptions } from './options.ts';

export const PROFILE_NAMES: readonly ['development', 'ci', 'production', 'full', 'codegen'] = [
  'development',
  'ci',
  'production',
  'full',
  'codegen',
];
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Share of processor time that recording may take when nothing else is said. */
export const DEFAULT_BUDGET = 0.05;

type ProfileOptions = Pick<StartOptions, 'budget' | 'examples' | 'keep' | 'level' | 'limits' | 'maxBytes' | 'objects'>;

const WIDE_LIMITS = { depth: 8, fields: 100, elements: 1000, string: 16_384, nodes: 5000, bytes: 262_144 } as const;

export const PROFILES: Readonly<Record<ProfileName, ProfileOptions>> = {
  /** Somebody looks at the next trace: detail matters more than time. */
  development: { level: 'lines', budget: 0.5 },
  /** Somebody looks when something went wrong, and at what became slow. */
  ci: { level: 'lines', budget: 0.25, keep: { threw: true, slowPercentile: 95, rare: true } },
  /** Nobody looks until it matters. */
  production: {
    level: 'locals',
    budget: DEFAULT_BUDGET,
    keep: { threw: true, slowPercentile: 99, rare: true, sample: 0.01 },
    limits: { ...DEFAULT_LIMITS, depth: 2, elements: 20, nodes: 100, bytes: 4096 },
  },
  /** Everything there is, whatever it costs. */
  full: { level: 'lines', budget: 1, objects: 'all', limits: WIDE_LIMITS, maxBytes: 256 * 1024 * 1024 },
  /** Complete inputs and outcomes, a few of each kind: what tests and fixes are written from. */
  codegen: { level: 'values', budget: 1, objects: 'all', examples: true, limits: WIDE_LIMITS, maxBytes: 256 * 1024 * 1024 },
};

/** The options with the profile's where they say nothing. */
export function withProfile(options: StartOptions, name: ProfileName | undefined): StartOptions {
  const profile = options.profile ?? name;
  if (profile === undefined) return options;
  const merged: Record<string, unknown> = { ...PROFILES[profile] };
  for (const [key, value] of Object.entries(options)) {
    if (value !== undefined) merged[key] = key === 'limits' ? { ...PROFILES[profile].limits, ...value } : value;
  }
  return merged;
}
