/**
 * Who may ask at all: pages of other sites can send requests to this machine, and names can be made to point to it. Pure; each answer is a sentence for the
 * log and for whoever asked.
 */
import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

export interface GuardRules {
  readonly token: string;
  /** Names besides `localhost` and addresses under which this server may be asked. */
  readonly allowedHosts: readonly string[];
  /** Origins of pages, besides its own, that may send traces. */
  readonly allowedOrigins: readonly string[];
}

export interface Asked {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Header `sec-fetch-site`. */
  readonly site: string | undefined;
  readonly authorization: string | undefined;
}

export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly reason: string;
}

/** A name that somebody made point here (DNS rebinding) is not ours; addresses cannot be made to. */
export function checkHost({ host }: Asked, { allowedHosts }: GuardRules): Refusal | undefined {
  const name = nameOf(host ?? '');
  if (name === undefined) return { status: 421, reason: 'the request has no usable Host header' };
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || name === 'localhost' || allowedHosts.includes(name)) return undefined;
  return { status: 421, reason: `this server is not ${name}: ask it by address, or start it with --allow-host ${name}` };
}

/** Browsers say where a request comes from; programs do not. */
export function checkOrigin({ host, origin, site }: Asked, { allowedOrigins }: GuardRules): Refusal | undefined {
  if (origin === undefined) return site === 'cross-site' ? { status: 403, reason: 'a page of another site may not ask here' } : undefined;
  if (origin === `http://${host}` || allowedOrigins.includes(origin)) return undefined;
  return {
    status: 403,
    reason: `pages of ${origin} may not ask here; start the server with --allow-origin ${origin} if they may send traces`,
  };
}

export function checkToken({ authorization }: Asked, { token }: GuardRules): Refusal | undefined {
  const [, given = ''] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
  if (equal(given, token)) return undefined;
  return {
    status: 401,
    reason: given === '' ? 'the token is missing: open the address that the command printed' : 'the token is not that of this server',
  };
}

function equal(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Without port, in lower case; undefined: not a host. */
function nameOf(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
}
