import type { TraceSummary } from '@captureflow/trace';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdLive, launchChromium, openPage, pageText, streamEvent } from './page-driver.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

function summary(id: string, minute: number, name = `GET /${id}`): TraceSummary {
  return {
    id,
    traceId: id.padStart(32, '0'),
    name,
    kind: 'http',
    startTime: Date.UTC(2026, 10, 21, 12, minute),
    duration: 5,
    spans: 3,
    errors: 0,
    outcome: 'ok',
    service: 'shop',
    source: 'native',
    dropped: 0,
  };
}

describe('the list of a collector', () => {
  it('takes traces in as they come, in order of start and only what the filters let through, and drops what is gone', async () => {
    const html = await pageText();
    const live = [
      streamEvent('trace', summary('b', 2)),
      streamEvent('trace', summary('d', 4, '<b>POST</b> /d')),
      streamEvent('gone', { id: 'a' }),
      streamEvent('trace', summary('b', 2)),
    ];
    const { page, complaints, close } = await openPage(browser, html, {
      answer: (path) => {
        if (path.startsWith('/api/live')) return live.join('');
        if (path.startsWith('/api/traces')) return JSON.stringify({ traces: [summary('c', 3), summary('a', 1)] });
        return JSON.stringify({ problems: [] });
      },
    });
    const names = (): Promise<string[]> => page.locator('.trace-row .name').allInnerTexts();
    // The stream ends and is asked for again, so the end of it all is the same whichever answer comes first.
    await expect.poll(names, { timeout: 20_000 }).toEqual(['<b>POST</b> /d', 'GET /c', 'GET /b']);
    await page.fill('.filter-text', 'nothing that is there');
    await expect.poll(() => page.innerText('.live')).toMatch(/collector is away|live/);
    expect(complaints).toEqual([]);
    await close();
  });

  it('says that it is live, holds new traces back when asked to, and lets them in', async () => {
    const html = await pageText();
    const { page, close } = await openPage(browser, html, {
      answer: (path) => (path.startsWith('/api/traces') ? JSON.stringify({ traces: [summary('a', 1)] }) : undefined),
    });
    const send = await holdLive(page);
    await expect.poll(() => page.innerText('.live')).toBe('● live');
    await page.click('.live');
    await send('trace', summary('b', 2));
    await expect.poll(() => page.innerText('.live')).toBe('○ paused, 1 new');
    expect(await page.locator('.trace-row').count()).toBe(1);
    await page.click('.live');
    await expect.poll(() => page.locator('.trace-row .name').allInnerTexts()).toEqual(['GET /b', 'GET /a']);
    await close();
  });
});
