/** A port to listen on: the one that was asked for, or the next that is free. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Ports that are tried one after the other. */
const TRIES = 20;

/** Returns the port; 0 lets the system choose. @throws what `listen` says, when it is not that the port is taken, or all of them are. */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  for (let tries = 0; ; tries++) {
    try {
      return await listenOnce(server, host, port === 0 ? 0 : port + tries);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries + 1 >= TRIES || port + tries >= 65_535) throw error;
    }
  }
}

function listenOnce(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
