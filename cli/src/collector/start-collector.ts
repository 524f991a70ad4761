/** A running collector, or viewer of files: store, views and server put together. */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, basename } from 'node:path';
import { createCollectorServer } from './collector-server.ts';
import { createIntake } from './intake.ts';
import type { ShownFiles } from './intake.ts';
import { listen } from './listen.ts';
import { LiveFeed } from './live-feed.ts';
import { readPageFile } from './page-file.ts';
import type { PageFile } from './page-file.ts';
import { BodyReader } from './read-body.ts';
import type { ReadNews, ReadOrder } from './read-service.ts';
import { RefusalLog } from './refusal-log.ts';
import { holdStore } from './store-holder.ts';
import type { StoreNews, StoreOrder } from './store-service.ts';
import { startThread, startThreadLater } from './thread.ts';
import type { CreateService } from './thread.ts';
import type { ViewOrder } from './view-service.ts';

export interface CollectorOptions {
  /** The store's file, or ':memory:'. */
  readonly db: string;
  /** Files and folders to show; then nothing is taken from programs. */
  readonly files?: { readonly paths: readonly string[]; readonly cwd: string };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0: any. Where it is taken, the next. */
  readonly port: number;
  /** Default: one that stays with the store. */
  readonly token?: string;
  readonly allowedHosts?: readonly string[];
  readonly allowedOrigins?: readonly string[];
  /** Folder that module paths of traces start from. */
  readonly root: string;
  /** ms. Default: 7 days. */
  readonly maxAge?: number;
  /** Default: 1 GiB. */
  readonly maxBytes?: number;
  /** Bytes of one body, unpacked. Default 64 MiB. */
  readonly mostBodyBytes?: number;
  /** Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Lines for people. */
  log(line: string): void;
  /** The collector cannot go on. */
  onFailure(reason: string): void;
  onFiles?(news: ShownFiles): void;
  /** Tests only: services without threads. */
  readonly createService?: CreateService;
  /** Default: the page that was built. */
  readonly page?: PageFile;
}

export interface Collector {
  readonly port: number;
  /** Address of the page, with the token. */
  readonly url: string;
  /** Address for programs. */
  readonly base: string;
  readonly token: string;
  stop(): Promise<void>;
}

const DAY = 24 * 60 * 60 * 1000;
const MIB = 1024 * 1024;

/** @throws {StoreError} and what listening throws */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { host = '127.0.0.1', db, files, mostBodyBytes = 64 * MIB } = options;
  const release = db === ':memory:' ? async () => undefined : await holdStore(placeOf(db));
  let stopping = false;
  const failed = (reason: string): void => {
    if (!stopping) options.onFailure(reason);
  };
  const store = startThread<StoreOrder, StoreNews>(
    {
      kind: 'store',
      path: db,
      ...(files === undefined ? { retention: { maxAge: options.maxAge ?? 7 * DAY, maxBytes: options.maxBytes ?? 1024 * MIB } } : {}),
    },
    failed,
    options.createService,
  );
  const readers = startThread<ReadOrder, ReadNews>(
    { kind: 'read', mostBytes: mostBodyBytes, ...(files === undefined ? {} : { files }) },
    failed,
    options.createService,
  );
  const views = startThreadLater<ViewOrder>({ kind: 'view' }, failed, options.createService);
  const live = new LiveFeed((watched) => void store.ask({ kind: 'watched', watched }).catch(() => undefined));
  const opened = new Set<string>();
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    live.stop();
    server?.close();
    server?.closeAllConnections();
    await readers.stop();
    await store.stop();
    await views.stop();
    await release();
  };
  let fileNews: ShownFiles | undefined;
  store.onNews((news) => {
    for (const id of [...news.again, ...news.gone]) if (opened.delete(id)) void views.ask({ kind: 'forget', id }).catch(() => undefined);
    live.news(news);
    if (news.problem !== undefined) options.log(`captureflow: ${news.problem}\n`);
  });
  const intake = createIntake(readers, store, (news) => {
    fileNews = news;
    options.onFiles?.(news);
    live.say('problems', { problems: news.problems });
  });
  const log = new RefusalLog(options.log);
  let server: ReturnType<typeof createCollectorServer> | undefined;
  try {
    const made = randomBytes(16).toString('hex');
    // The page is there before the store is, where that remembers nothing.
    const kept = db === ':memory:' ? made : store.ask<string>({ kind: 'remember', key: 'token', value: made });
    const token = options.token ?? (await kept);
    const page = options.page ?? readPageFile();
    server = createCollectorServer({
      store,
      views,
      live,
      opened,
      page,
      root: options.root,
      rules: {
        token,
        allowedHosts: ['localhost', ...(isIP(host) === 0 ? [host] : []), ...(options.allowedHosts ?? [])],
        allowedOrigins: options.allowedOrigins ?? [],
      },
      openToPrograms: isLoopback(host),
      takesTraces: files === undefined,
      requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
      bodies: new BodyReader({ one: mostBodyBytes, all: 4 * mostBodyBytes }),
      intake,
      refused: (request, status, reason) =>
        log.add(`${status} ${request.url?.split('?')[0] ?? ''}`, `${describe(request)}: ${status}, ${reason}`),
      clientError: (socket, reason) => log.add(reason, `${reason}, from ${socket.remoteAddress ?? 'somewhere'}`),
      problems: () => fileNews?.problems ?? [],
    });
    const port = await listen(server, host, options.port);
    const base = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    return { port, url: `${base}/#token=${token}`, base, token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The same for every name of one file. */
function placeOf(db: string): { readonly path: string; readonly key: string } {
  mkdirSync(dirname(db), { recursive: true });
  const path = join(realpathSync(dirname(db)), basename(db));
  return { path, key: createHash('sha256').update(path).digest('hex').slice(0, 32) };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function describe({ method, url, socket, headers }: IncomingMessage): string {
  const origin = headers.origin === undefined ? '' : ` of ${headers.origin}`;
  return `${method} ${url?.split('?')[0]} from ${(socket as Socket | null)?.remoteAddress ?? 'somewhere'}${origin}`;
}
