/** What one takes out of the page (files, links) and hands to it (source files). */
import { readFileSync } from 'node:fs';
import { summarize } from '@captureflow/trace';
import { writeViewFile } from '@captureflow/trace/view-file';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openPage, pageText, pageWith } from './page-driver.ts';
import { MODULE, REPORT_SOURCE, reportTrace } from './sample-traces.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Chooses an item of the export menu; returns name and text of the file that is downloaded. */
async function exported(page: Page, item: string): Promise<{ name: string; text: string }> {
  await page.getByRole('button', { name: 'Export' }).click();
  const coming = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item }).click();
  const download = await coming;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

describe('the export menu of a page with traces inside', () => {
  it('writes the trace in the formats of other tools, without asking anybody', async () => {
    const trace = reportTrace();
    const { page, requests, complaints, close } = await openPage(browser, await pageWith([trace]));
    const chrome = await exported(page, 'Chrome trace');
    expect(chrome.name).toMatch(/^report-ts-[0-9a-f]{8}\.trace\.json$/);
    const { traceEvents } = JSON.parse(chrome.text) as { traceEvents: { name: string; ph: string }[] };
    expect(traceEvents.filter(({ name }) => name === 'priceOf').length).toBeGreaterThanOrEqual(3);
    const plain = JSON.parse((await exported(page, 'JSON all of it')).text) as { traces: { spans: { spanId: string }[] }[] };
    expect(plain.traces[0]?.spans.map(({ spanId }) => spanId)).toEqual(trace.spans.map(({ spanId }) => spanId));
    expect((await exported(page, 'Mermaid')).text).toContain('priceOf');
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });

  it('writes itself with the trace and its source inside, and that page opens and writes the same again', async () => {
    const first = await openPage(browser, await pageWith([reportTrace(), reportTrace(3)], { [MODULE]: REPORT_SOURCE }), {
      hash: '#trace=t2&view=source&span=2',
      colorScheme: 'dark',
    });
    await first.page.getByRole('button', { name: 'Auto (dark)' }).click();
    const once = await exported(first.page, 'HTML page');
    await first.close();
    const second = await openPage(browser, once.text, { hash: '#view=source&span=2' });
    await second.page.waitForSelector('.source-code:has-text("priceOf(row)")');
    await second.page.locator('#tab-tree').click();
    await second.page.locator('.tree-row:has-text("→ 21")').waitFor();
    expect(await second.page.getAttribute('html', 'data-theme')).toBe('auto');
    const twice = await exported(second.page, 'HTML page');
    expect(twice.text).toBe(once.text);
    expect(second.complaints).toEqual([]);
    await second.close();
  });
});

describe('the export menu at 200 % zoom', () => {
  it('is in the page, and the bar above it is one line', async () => {
    const { page, close } = await openPage(browser, await pageWith([reportTrace(), reportTrace()]), {
      hash: '#trace=t1',
      viewport: { width: 640, height: 400 },
      deviceScaleFactor: 2,
    });
    await page.getByRole('button', { name: 'Export' }).click();
    const box = (await page.getByRole('menu').boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(640);
    expect(box.y + box.height).toBeLessThanOrEqual(400);
    expect((await page.locator('.top-bar').boundingBox())!.height).toBeLessThan(40);
    await close();
  });
});

describe('the export menu of a collector', () => {
  it('fetches the file with the token', async () => {
    const trace = reportTrace();
    const parts = writeViewFile(trace);
    const asked: string[] = [];
    const { page, complaints, close } = await openPage(browser, await pageText(), {
      hash: '#token=secret&trace=a',
      answer: (path, token) => {
        if (path.startsWith('/api/traces?')) return JSON.stringify({ traces: [{ ...summarize(trace), id: 'a' }] });
        if (path === '/api/traces/a/head') return parts.head;
        if (path.startsWith('/api/traces/a/blocks/')) return parts.block(0);
        if (path.startsWith('/api/traces/a/export/')) {
          asked.push(`${path} ${String(token)}`);
          return '{"written":"there"}';
        }
        return '{}';
      },
    });
    await page.locator('.chart-canvas').waitFor();
    expect(await exported(page, 'speedscope')).toEqual({
      name: expect.stringMatching(/\.speedscope\.json$/) as string,
      text: '{"written":"there"}',
    });
    await exported(page, 'HTML page');
    expect(asked).toEqual(['/api/traces/a/export/speedscope Bearer secret', '/api/traces/a/export/html Bearer secret']);
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('a link to what is shown', () => {
  it('is copied without the token, and shows the same in another tab, which gets the token from this one', async () => {
    const trace = reportTrace();
    const parts = writeViewFile(trace);
    const { page, complaints, close } = await openPage(browser, await pageText(), {
      hash: '#token=secret&trace=a&view=tree&span=2',
      permissions: ['clipboard-read', 'clipboard-write'],
      answer: (path, token) => {
        if (token !== 'Bearer secret') return undefined;
        if (path.startsWith('/api/traces?')) return JSON.stringify({ traces: [{ ...summarize(trace), id: 'a' }] });
        if (path === '/api/traces/a/head') return parts.head;
        return path.startsWith('/api/traces/a/blocks/') ? parts.block(0) : '{}';
      },
    });
    await page.locator('.tree-row').first().waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Copy link' }).click();
    await page.getByText('Link copied').waitFor();
    const link = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(link).toMatch(/#trace=a&view=tree&span=2$/);
    const other = await page.context().newPage();
    await other.goto(link);
    await other.locator('.details h2', { hasText: 'report' }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });
});

describe('source files', () => {
  it('that somebody hands over are shown with the calls, whatever folder the file is in', async () => {
    const { page, requests, complaints, close } = await openPage(browser, await pageWith([reportTrace()]), {
      hash: '#trace=t1&view=source&span=6',
    });
    const missing = page.locator('.source-missing');
    await missing.waitFor();
    // Without text the pane begins with the function.
    expect(await page.locator('.source-number').allInnerTexts()).toEqual(['30']);
    await page.locator('.source-missing input').setInputFiles({ name: 'other.ts', mimeType: 'text/plain', buffer: Buffer.from('no') });
    await page.getByText('other.ts has not the name of any module of this trace; its modules are src/report.ts.').waitFor();
    const text = `${REPORT_SOURCE}\n${'\n'.repeat(17)}const log = (text) => {};`;
    await page.locator('.source-missing input').setInputFiles({ name: 'report.ts', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await missing.waitFor({ state: 'detached' });
    expect(await page.innerText('.source-line:has(.source-number:text-is("30")) .source-code')).toContain('const log');
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  });
});
