/** The strict check of what every exporter that sends can be told. Must not know a protocol. */
import { between, checkObject, integer, oneOf, show, text } from '../option-checks.ts';
import type { Check } from '../option-checks.ts';
import { OptionsError } from '../option-errors.ts';
import type { ShippingOptions } from './ship-exporter.ts';

export const url: Check = (value, path) => {
  if (typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return;
  throw new OptionsError('OPTION_TYPE', path, `must be an http or https URL, not ${show(value)}`);
};

/** An object whose values, whatever their names, are of these types. */
export function valuesOf(...types: readonly ('string' | 'number' | 'boolean')[]): Check {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new OptionsError('OPTION_TYPE', path, `must be an object, not ${show(value)}`);
    }
    for (const [name, entry] of Object.entries(value)) {
      if (types.some((type) => typeof entry === type)) continue;
      throw new OptionsError('OPTION_TYPE', `${path}.${name}`, `must be a ${types.join(' or a ')}, not ${show(entry)}`);
    }
  };
}

const SHIPPING: Readonly<Record<keyof ShippingOptions, Check>> = {
  timeoutMs: between(1, 2 ** 31 - 1, 'a number of ms, 1 or more'),
  compression: oneOf('gzip', 'none'),
  queueBytes: integer(1024, 2 ** 32),
  spillDir: (value, path) => {
    if (value !== null) text(value, path);
  },
  spillBytes: integer(0, Number.MAX_SAFE_INTEGER),
};

/**
 * `own`: the checks of the exporter's own options.
 * @throws {OptionsError} naming the key's path, and the nearest valid key for an unknown one.
 */
export function checkShippingOptions(options: unknown, own: Readonly<Record<string, Check>>): void {
  checkObject(options, '', { ...SHIPPING, ...own });
}
