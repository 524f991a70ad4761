/** The built page in a real Chromium, with traces inside or served beside it. Not a test. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { summarize } from '@captureflow/trace';
import type { Trace } from '@captureflow/trace';
import { joinViewFile, PAGE_DATA_ID, writePageBundle, writeViewFile } from '@captureflow/trace/view-file';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { chromiumOptions } from '../../scripts/chromium-options.mjs';

const FOLDER: string = fileURLToPath(new URL('..', import.meta.url));
let built: Promise<string> | undefined;

/** The page of the present source, built once a test file. */
export function pageText(): Promise<string> {
  built ??= build({ configFile: `${FOLDER}vite.config.ts`, logLevel: 'warn', build: { write: false } }).then((result) => {
    const { output } = (Array.isArray(result) ? result[0] : result) as { output: { fileName: string; source?: string | Uint8Array }[] };
    const page = output.find(({ fileName }) => fileName === 'index.html')?.source;
    if (typeof page !== 'string') throw new Error('vite made no index.html');
    return page;
  });
  return built;
}

/** A page with traces inside, as `export --to html` writes it. */
export async function pageWith(traces: readonly Trace[], sources: Readonly<Record<string, string>> = {}): Promise<string> {
  const files = traces.map((trace) => {
    const parts = writeViewFile(trace);
    return joinViewFile(
      parts.head,
      Array.from({ length: parts.blockCount }, (_, index) => gzipSync(parts.block(index))),
    );
  });
  const summaries = traces.map((trace, index) => ({ ...summarize(trace), id: `t${index + 1}` }));
  return withData(await pageText(), writePageBundle({ files, summaries, sources }));
}

export function withData(page: string, bundle: Uint8Array): string {
  const data = gzipSync(bundle, { level: 1 }).toString('base64');
  const at = page.lastIndexOf('</body>');
  return `${page.slice(0, at)}<script type="application/octet-stream" id="${PAGE_DATA_ID}">${data}</script>${page.slice(at)}`;
}

/** A test without a browser fails and says so. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch(chromiumOptions());
}

export interface ChartPicture {
  /** As PNG. */
  readonly url: string;
  /** Red, green and blue of the last pixel. */
  readonly corner: readonly number[];
  /** Every colour that is in it, `#rrggbb`. */
  readonly hexes: readonly string[];
}

/** What the chart shows. A canvas that a worker paints shows it to another one only. */
export function chartPicture(page: Page): Promise<ChartPicture> {
  return page.evaluate(`(() => {
    const chart = document.querySelector('.chart-canvas');
    const copy = document.createElement('canvas');
    copy.width = chart.width;
    copy.height = chart.height;
    const context = copy.getContext('2d');
    context.drawImage(chart, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    const hex = (word) => '#' + [word, word >>> 8, word >>> 16].map((byte) => (byte & 255).toString(16).padStart(2, '0')).join('');
    return { url: copy.toDataURL(), corner: [...data.slice(-4, -1)], hexes: [...new Set(new Uint32Array(data.buffer))].map(hex) };
  })()`);
}

export interface OpenPage {
  readonly page: Page;
  /** What the page said in its console as error, and what it threw. */
  readonly complaints: readonly string[];
  /** Requests that were not for the page itself. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Serves `html` on the loopback and opens it. `answer`: what else the server has; undefined is 404. */
export async function openPage(
  browser: Browser,
  html: string,
  options: BrowserContextOptions & {
    hash?: string;
    answer?: (path: string, token: string | undefined) => string | Uint8Array | undefined;
  } = {},
): Promise<OpenPage> {
  const { hash = '', answer, ...context } = options;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    requests.push(path);
    const body = answer?.(path, request.headers.authorization);
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const opened = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
  const page = await opened.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${hash}`);
  return {
    page,
    complaints,
    requests,
    close: async () => {
      await opened.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Starts the page anew with the stream of live events in the hand of the test: returns what sends one. */
export async function holdLive(page: Page): Promise<(event: string, data: unknown) => Promise<void>> {
  await page.addInitScript(`(() => {
    const original = window.fetch;
    window.fetch = (path, init) => {
      if (!String(path).endsWith('api/live')) return original(path, init);
      const body = new ReadableStream({ start: (controller) => { window.send = (text) => controller.enqueue(new TextEncoder().encode(text)); } });
      return Promise.resolve(new Response(body));
    };
  })()`);
  await page.reload();
  await page.getByText('● live').waitFor();
  return (event, data) =>
    page.evaluate((text) => (globalThis as unknown as { send(text: string): void }).send(text), streamEvent(event, data));
}

/** As the collector's stream has it. */
export function streamEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
