/**
 * One process a store. The database's own lock is a folder beside it, which kill -9 leaves behind; whether its owner lives is told by a socket that dies with
 * its process, so that a store is usable again at once, and never by two.
 */
import { rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from './store-error.ts';

/** Returns what lets go of it. @throws {StoreError} STORE_BUSY */
export async function holdStore({ path, key }: { readonly path: string; readonly key: string }): Promise<() => Promise<void>> {
  const address = addressOf(key);
  const server = (await tryListen(address)) ?? ((await isLeftBehind(address)) ? await takeOver(address) : undefined);
  if (server === undefined)
    throw new StoreError('STORE_BUSY', `another collector has ${path} open; stop it, or name another file with --db`);
  server.unref();
  // Nobody else has it open: what is there was left behind.
  rmSync(`${path}.lock`, { recursive: true, force: true });
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function addressOf(key: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\captureflow-${key}`;
  // Linux has names that are no files and end with their process.
  return process.platform === 'linux' ? `\0captureflow-${key}` : join(tmpdir(), `captureflow-${key}.sock`);
}

function tryListen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => resolve(server));
  });
}

function isLeftBehind(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}

async function takeOver(address: string): Promise<Server | undefined> {
  if (address.startsWith('/')) rmSync(address, { force: true });
  return tryListen(address);
}
