/**
 * Brand checks of the host: what an object is by its internal slots, whatever its prototype says (H161, H170). Undefined in browsers:
 * there a proxy cannot be told from an object, so that no object may be looked into.
 */
import { builtin } from './builtin.ts';

export type HostTypes = typeof import('node:util').types;

export const hostTypes: HostTypes | undefined = builtin('node:util')?.types;
export const isProxy: ((value: unknown) => boolean) | undefined = hostTypes?.isProxy;
