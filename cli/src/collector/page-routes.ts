/** What the page asks for: the list, traces, their sources, files to take away. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportFormats } from '@captureflow/trace';
import type { TraceSummary } from '@captureflow/trace';
import type { LiveFeed } from './live-feed.ts';
import type { PageFile } from './page-file.ts';
import { readModuleSource } from './module-source.ts';
import { reply, replyJson } from './replies.ts';
import type { StoreNews, StoreOrder } from './store-service.ts';
import type { StoredTrace } from './stored-trace.ts';
import type { Thread } from './thread.ts';
import { readQuery } from './trace-query.ts';
import type { TracePage } from './trace-store.ts';
import type { ViewOrder } from './view-service.ts';

export interface PageContext {
  readonly store: Thread<StoreOrder, StoreNews>;
  readonly views: Thread<ViewOrder, never>;
  readonly live: LiveFeed;
  /** Ids of traces of which a view was made: the others have none that could be out of date. */
  readonly opened: Set<string>;
  /** Folder that module paths start from. */
  readonly root: string;
  /** Undefined: it was not built. */
  readonly page: PageFile | undefined;
  /** What was found wrong with files that are shown; [] for a collector. */
  problems(): unknown;
}

const BYTES = { 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' } as const;

/** False: there is no such path. */
export async function answerPage(
  context: PageContext,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<boolean> {
  const steps = decodeSteps(path);
  if (steps === undefined) return false;
  const [, api, what, id = '', part, name = ''] = steps;
  if (api !== 'api') return false;
  if (what === 'live' && id === '') context.live.add(response);
  else if (what === 'problems' && id === '') replyJson(response, 200, { problems: context.problems() });
  else if (what === 'sources' && id === '') await answerSource(context, response, query);
  else if (what === 'traces' && id === '') await answerList(context, response, query);
  else if (what === 'traces' && request.method === 'DELETE' && part === undefined) await answerDelete(context, response, id);
  else if (what === 'traces' && part === undefined) await answerSummary(context, response, id);
  else if (what === 'traces' && part === 'head') await answerHead(context, response, id);
  else if (what === 'traces' && part === 'blocks' && /^\d{1,9}$/.test(name)) await answerBlock(context, response, id, Number(name));
  else if (what === 'traces' && part === 'export') await answerExport(context, response, id, name);
  else return false;
  return true;
}

async function answerList({ store }: PageContext, response: ServerResponse, parameters: URLSearchParams): Promise<void> {
  const query = readQuery(parameters);
  if (typeof query === 'string') return replyJson(response, 400, { message: query });
  replyJson(response, 200, await store.ask<TracePage>({ kind: 'list', query }));
}

async function answerSummary({ store }: PageContext, response: ServerResponse, id: string): Promise<void> {
  const summary = await store.ask<TraceSummary | undefined>({ kind: 'find', id });
  if (summary === undefined) return gone(response);
  replyJson(response, 200, summary);
}

async function answerDelete({ store }: PageContext, response: ServerResponse, id: string): Promise<void> {
  if (!(await store.ask<boolean>({ kind: 'delete', id }))) return gone(response);
  replyJson(response, 200, {});
}

async function answerHead(context: PageContext, response: ServerResponse, id: string): Promise<void> {
  const head = await viewed<Uint8Array>(context, { kind: 'head', id });
  if (head === undefined) return gone(response);
  reply(response, 200, BYTES, head);
}

async function answerBlock(context: PageContext, response: ServerResponse, id: string, block: number): Promise<void> {
  const found = await viewed<{ block?: Uint8Array }>(context, { kind: 'block', id, block });
  if (found?.block === undefined) return gone(response);
  reply(response, 200, BYTES, found.block);
}

async function answerSource(context: PageContext, response: ServerResponse, query: URLSearchParams): Promise<void> {
  const module = query.get('module') ?? '';
  const modules = await viewed<readonly string[]>(context, { kind: 'modules', id: query.get('trace') ?? '' });
  const text = modules?.includes(module) === true ? readModuleSource(context.root, module) : undefined;
  if (text === undefined)
    return replyJson(response, 404, { message: 'there is no such module in this trace, or its file is not in the project' });
  reply(response, 200, { 'content-type': 'text/plain; charset=utf-8' }, text);
}

async function answerExport({ store, views, page, root }: PageContext, response: ServerResponse, id: string, name: string): Promise<void> {
  const stored = await store.ask<StoredTrace | undefined>({ kind: 'read', id });
  const summary = await store.ask<TraceSummary | undefined>({ kind: 'find', id });
  if (stored === undefined || summary === undefined) return gone(response);
  const file = (extension: string): string =>
    `attachment; filename="trace-${summary.traceId.replace(/[^\w-]/g, '').slice(0, 32)}${extension}"`;
  if (name === 'html') {
    if (page === undefined) return replyJson(response, 404, { message: 'the page was not built: npm run build' });
    const html = await views.ask<string | undefined>({ kind: 'html', stored, summary, page: page.html, root });
    if (html === undefined) return gone(response);
    return reply(
      response,
      200,
      { 'content-type': 'text/html; charset=utf-8', 'content-disposition': file('.html'), 'content-security-policy': 'sandbox' },
      html,
    );
  }
  const format = exportFormats.find((each) => each.name === name);
  if (format === undefined)
    return replyJson(response, 404, {
      message: `there is no format ${name.slice(0, 50)}; there are ${exportFormats.map((each) => each.name).join(', ')}, html`,
    });
  const pieces = await views.ask<readonly Uint8Array[] | undefined>({ kind: 'export', stored, format: name, root });
  if (pieces === undefined) return gone(response);
  reply(response, 200, { 'content-type': format.mediaType, 'content-disposition': file(format.extension) }, Buffer.concat(pieces));
}

/** Asks for something of a trace's view, which is made when it is not there. */
async function viewed<T>(
  { store, views, opened }: PageContext,
  order: Extract<ViewOrder, { kind: 'head' | 'block' | 'modules' }>,
): Promise<T | undefined> {
  const known = await views.ask<T | undefined>(order);
  if (known !== undefined) return known;
  const stored = await store.ask<StoredTrace | undefined>({ kind: 'read', id: order.id });
  if (stored === undefined) return undefined;
  opened.add(order.id);
  if (!(await views.ask<boolean>({ kind: 'make', id: order.id, stored }))) return undefined;
  return views.ask<T | undefined>(order);
}

function gone(response: ServerResponse): void {
  replyJson(response, 404, { message: 'there is no such trace (any more)' });
}

/** Undefined: no path that anybody writes. */
function decodeSteps(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
