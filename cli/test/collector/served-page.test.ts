/** The page as the collector serves it, in a real Chromium: under its policy, live, and as a file that was taken away. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPageFile } from '../../src/collector/page-file.ts';
import { createService } from '../../src/collector/services.ts';
import { startCollector } from '../../src/collector/start-collector.ts';
import type { Collector } from '../../src/collector/start-collector.ts';
import { chromiumOptions } from '../../../scripts/chromium-options.mjs';
import { segment, traceFile } from './sample-traces.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let folder: string;
let browser: Browser;
let collector: Collector;
const log: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'captureflow-page-'));
  await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', folder, '--logLevel', 'error'],
    { cwd: join(ROOT, 'viewer') },
  );
  const page = readPageFile([join(folder, 'index.html')]);
  if (page === undefined) throw new Error('vite wrote no index.html');
  collector = await startCollector({
    db: join(folder, 'traces.db'),
    port: 0,
    root: folder,
    log: (line) => void log.push(line),
    onFailure: (reason) => void log.push(reason),
    createService,
    page,
  });
  browser = await chromium.launch(chromiumOptions());
});

afterAll(async () => {
  await browser.close();
  await collector.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A page, with whatever it complains about. */
async function open(url: string): Promise<{ readonly page: Page; readonly complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

async function send(...segments: Uint8Array[]): Promise<void> {
  const answer = await fetch(`${collector.base}/api/segments`, { method: 'POST', body: traceFile(...segments) });
  expect(answer.status).toBe(200);
}

describe('the page of the collector', () => {
  it('works under its policy and shows what arrives while it is open', async () => {
    await send(segment(1, { name: 'was-there' }));
    const { page, complaints } = await open(collector.url);
    await page.getByText('was-there').first().waitFor();
    await send(segment(2, { name: 'came-later' }));
    await page.getByText('came-later').first().waitFor();
    await page.getByText('was-there').first().click();
    await page.getByText('1 span').or(page.getByText('work')).first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('says that the token is missing, and shows nothing', async () => {
    const { page } = await open(`${collector.base}/`);
    await page.getByText(/token/i).first().waitFor();
    expect(await page.getByText('was-there').count()).toBe(0);
  });

  it('runs no script but its own', async () => {
    const { page, complaints } = await open(collector.url);
    await page.evaluate(
      "const script = document.createElement('script'); script.textContent = 'window.stranger = true'; document.body.append(script)",
    );
    expect(await page.evaluate("'stranger' in window")).toBe(false);
    expect(complaints.join('\n')).toContain('Content Security Policy');
  });

  it('opens from a disk with a trace inside, without network', async () => {
    await send(segment(3, { name: 'taken-away</script><b>', texts: ['kept in the file'] }));
    const list = (await (
      await fetch(`${collector.base}/api/traces?name=taken`, { headers: { authorization: `Bearer ${collector.token}` } })
    ).json()) as { traces: { id: string }[] };
    const html = await fetch(`${collector.base}/api/traces/${list.traces[0]?.id}/export/html`, {
      headers: { authorization: `Bearer ${collector.token}` },
    });
    writeFileSync(join(folder, 'trace.html'), await html.text());
    const { page, complaints } = await open(pathToFileURL(join(folder, 'trace.html')).href);
    await page.getByText('taken-away').first().waitFor();
    expect(complaints).toEqual([]);
  });
});
