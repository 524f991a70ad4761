/**
 * Brand checks of the host: what an object is by its internal slots, whatever its prototype says (H161, H170). Undefined where
 * there are no modules of Node's: there a proxy cannot be told from an object, so that no object may be looked into.
 */
import { builtin } from './builtin.ts';

export type HostTypes = typeof import('node:util').types;

export const hostTypes: HostTypes | undefined = builtin('node:util')?.types;
export const isProxy: ((value: unknown) => boolean) | undefined = hostTypes?.isProxy;

/** Node tells a proxy from an object by itself: nothing to do. What it does in browsers: `page/host-types-web.ts`, which their build has in the place of this file. */
export function watchProxies(): void {}
