/** The check that every exporter with a URL makes when it is created. */
import { OptionsError } from '../option-errors.ts';

/** `path`: of the option. @throws {OptionsError} for anything but an http or https URL. */
export function checkUrl(url: unknown, path: string): void {
  if (typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new OptionsError('OPTION_TYPE', path, `must be an http or https URL, not ${JSON.stringify(url)}`);
}
