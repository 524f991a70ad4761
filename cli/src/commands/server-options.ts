/** What `serve` and `view` share on the command line: where they listen, what they print, and how they end. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { openBrowser } from '../collector/open-browser.ts';
import type { Collector, CollectorOptions } from '../collector/start-collector.ts';
import { InputError } from '../input-error.ts';
import type { Surroundings } from '../main.ts';

export interface ServerFlags {
  readonly host: string;
  readonly port: string;
  readonly token?: string;
  readonly allowHost?: readonly string[];
  readonly root: string;
  readonly open: boolean;
}

export function addServerOptions(command: Command, port: string): Command {
  return command
    .option('--port <port>', 'where to listen; the next port where this one is taken, 0: any', port)
    .option('--host <address>', 'address to listen on; others than loopback need the token from programs, too', '127.0.0.1')
    .option('--token <text>', 'the token; default: a random one')
    .option('--allow-host <name...>', 'names, besides localhost and addresses, under which this machine is asked')
    .option('--root <folder>', "folder that the traces' module paths start from, for their source text", '.')
    .option('--no-open', 'do not open the browser (it is opened on a terminal only)');
}

export function serverOptionsOf(
  flags: ServerFlags,
  cwd: string,
): Pick<CollectorOptions, 'host' | 'port' | 'token' | 'allowedHosts' | 'root'> {
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InputError(`--port ${flags.port}: say a number from 0 to 65535`, 2);
  if (flags.token !== undefined && !/^[\w.~-]{16,}$/.test(flags.token))
    throw new InputError('--token: say 16 or more letters, digits, ".", "_", "~" or "-"', 2);
  return {
    host: flags.host,
    port,
    ...(flags.token === undefined ? {} : { token: flags.token }),
    allowedHosts: flags.allowHost ?? [],
    root: resolve(cwd, flags.root),
  };
}

/** Starts, says where, and waits until the user stops it or it fails. */
export async function runServer(
  { print, isTerminal, untilStopped }: Surroundings,
  flags: ServerFlags,
  start: (onFailure: (reason: string) => void) => Promise<Collector>,
): Promise<void> {
  let fail = (_: Error): void => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failure.catch(() => undefined);
  // From the start on: Ctrl-C at the first line that is printed is a stop, too.
  const stopped = untilStopped?.() ?? Promise.resolve();
  const collector = await start((reason) => fail(new InputError(reason, 1)));
  const wanted = Number(flags.port);
  if (wanted !== 0 && collector.port !== wanted) print(`Port ${wanted} is taken: this is ${collector.port}.\n`);
  print(`Open ${collector.url}\n`);
  if (flags.open && isTerminal === true) openBrowser(collector.url);
  try {
    await Promise.race([stopped, failure]);
  } finally {
    await collector.stop();
  }
}
