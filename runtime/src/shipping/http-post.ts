/**
 * One POST by Node's own client, or by `fetch` where there is none. It keeps the process alive only while asked to, runs outside of the
 * program's async context, and gives back what a receiver says in bounded memory.
 */
import { builtin } from '../builtin.ts';
import { fetchPost } from './fetch-post.ts';
import { MOST_ANSWER_BYTES } from './post.ts';
import type { Post } from './post.ts';
import type { Answer } from './retry.ts';

// Kept from load time: fake timers replace the globals (H97).
const { setTimeout: timeout, clearTimeout: cancel } = globalThis;

/** Makes a client with connections of its own, which are kept open between requests. */
export function createPost(): Post {
  const http = builtin('node:http');
  const https = builtin('node:https');
  if (http === undefined || https === undefined) return fetchPost;
  const agents = new Map<string, InstanceType<typeof http.Agent>>();
  const agentOf = (protocol: string): InstanceType<typeof http.Agent> => {
    let agent = agents.get(protocol);
    if (agent === undefined) {
      agent =
        protocol === 'https:' ? new https.Agent({ keepAlive: true, maxSockets: 2 }) : new http.Agent({ keepAlive: true, maxSockets: 2 });
      agents.set(protocol, agent);
    }
    return agent;
  };
  return ({ url, headers, body, compression, timeoutMs }) => {
    let held = false;
    let socket: import('node:net').Socket | undefined;
    const hold = (on: boolean): void => {
      held = on;
      if (on) socket?.ref();
      else socket?.unref();
    };
    const answer = new Promise<Answer | undefined>((resolve) => {
      const timer = timeout(() => give(undefined), timeoutMs);
      timer.unref?.();
      let request: import('node:http').ClientRequest | undefined;
      const give = (result: Answer | undefined): void => {
        cancel(timer);
        if (result === undefined) request?.destroy();
        resolve(result);
      };
      const send = (bytes: Uint8Array, encoding: Readonly<Record<string, string>>): void => {
        const target = new URL(url);
        request = (target.protocol === 'https:' ? https : http).request(target, {
          method: 'POST',
          agent: agentOf(target.protocol),
          headers: { ...headers, ...encoding, 'content-length': String(bytes.length) },
        });
        request.on('socket', (given) => {
          socket = given;
          hold(held);
        });
        request.on('error', () => give(undefined));
        request.on('response', (response) => {
          // Node reads numbers that are no status, too.
          const status = response.statusCode ?? 0;
          if (status < 200 || status > 599) return give(undefined);
          let text = '';
          response.setEncoding('latin1');
          response.on('data', (chunk: string) => {
            if (text.length + chunk.length > MOST_ANSWER_BYTES) {
              give({ ...head(response), body: text });
              request?.destroy();
            } else {
              text += chunk;
            }
          });
          response.on('end', () => give({ ...head(response), body: fromLatin1(text) }));
          response.on('error', () => give(undefined));
          response.on('aborted', () => give(undefined));
        });
        request.end(bytes);
      };
      const attempt = (work: () => void): void => {
        try {
          work();
        } catch {
          give(undefined);
        }
      };
      const zlib = compression === 'none' ? undefined : builtin('node:zlib');
      if (zlib === undefined) attempt(() => send(body, {}));
      else
        zlib.gzip(body, { level: 1 }, (error, zipped) =>
          attempt(() => (error === null ? send(zipped, { 'content-encoding': 'gzip' }) : send(body, {}))),
        );
    });
    return { answer, hold };
  };
}

function head(response: import('node:http').IncomingMessage): Pick<Answer, 'status' | 'retryAfter'> {
  const retryAfter = response.headers['retry-after'];
  return { status: response.statusCode ?? 0, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

function fromLatin1(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(text, (unit) => unit.charCodeAt(0)));
}
