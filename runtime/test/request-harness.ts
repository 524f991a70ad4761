/** What the tests of request roots share: the roots that were opened, servers on real sockets, and raw clients. */
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { afterEach } from 'vitest';
import { installHttpRoots } from '../src/http-root.ts';
import type { Root, RootMeta } from '../src/recorder-config.ts';

export interface Seen {
  readonly meta: RootMeta;
  readonly root: Root;
  ends: number;
  asked: boolean;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Runs at the end of the present test. */
export function atEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

export interface Watch {
  /** In the order in which they were opened. */
  readonly seen: Seen[];
  /** Resolves at the next end. */
  readonly ended: () => Promise<void>;
  readonly uninstall: () => void;
  /** Resolves when there are `count` roots and each has ended. */
  readonly allEnded: (count: number) => Promise<void>;
  /** The root that `enterRoot` made the context's own last. */
  readonly entered: () => Root | undefined;
}

export function watch(): Watch {
  const seen: Seen[] = [];
  let wake = (): void => {};
  let last: Root | undefined;
  const uninstall = installHttpRoots({
    openRoot(meta) {
      const keep = (): void => {
        entry.asked = true;
      };
      const root = { ...meta, attributes: { ...meta.attributes }, ended: false, keep } as unknown as Root;
      const entry: Seen = { meta, root, ends: 0, asked: false };
      seen.push(entry);
      return root;
    },
    enterRoot: (root) => {
      last = root;
    },
    endRoot(root) {
      const entry = seen.find((candidate) => candidate.root === root);
      if (entry !== undefined) entry.ends++;
      wake();
    },
  });
  atEnd(uninstall);
  return {
    seen,
    uninstall,
    ended: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    allEnded: (count) => until(() => seen.length >= count && seen.every((entry) => entry.ends > 0)),
    entered: () => last,
  };
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Listens on a free port of this machine, until the test ends. Returns the port. */
export async function listen(server: NetServer): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket.on('close', () => open.delete(socket))));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(
    () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(resolve);
      }),
  );
  return (server.address() as AddressInfo).port;
}

/** Address of a server with this listener. */
export async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  return `http://127.0.0.1:${await listen(server)}`;
}

/** A connection on which a test writes bytes itself. */
export async function dial(port: number): Promise<{ readonly socket: Socket; readonly received: () => string }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  atEnd(() => socket.destroy());
  return { socket, received: () => text };
}
