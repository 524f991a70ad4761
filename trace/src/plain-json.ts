/**
 * JSON of plain data without the methods that a program may have put on the prototypes: `JSON.stringify` asks every object and array for
 * `toJSON`, and would run it. Must only be given trees of plain data.
 */

/** The JSON text; what JSON has no form for is null, in objects left out. */
export function plainJson(value: unknown): string {
  // Found by `in`, which runs no getter. Without a `toJSON` the engine's own writer runs no code either, and is several times as fast.
  if (!('toJSON' in Array.prototype)) {
    try {
      return stringify(value) ?? 'null';
    } catch {
      // A bigint.
    }
  }
  return writeJson(value);
}

/** H173: as it was at load. */
const { stringify }: { readonly stringify: (value: unknown) => string | undefined } = JSON;

function writeJson(value: unknown): string {
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i++) text += `${i === 0 ? '' : ','}${writeJson(value[i])}`;
    return `${text}]`;
  }
  if (typeof value === 'object' && value !== null) {
    let text = '';
    const keys = Object.keys(value);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const entry = (value as Readonly<Record<string, unknown>>)[key];
      if (hasForm(entry)) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${writeJson(entry)}`;
    }
    return `{${text}}`;
  }
  return hasForm(value) && typeof value !== 'bigint' ? JSON.stringify(value) : 'null';
}

function hasForm(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
