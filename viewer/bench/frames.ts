/**
 * What a large trace costs the page in Chromium: time to open, main-thread work a frame while panning and zooming, memory.
 * node --conditions=@captureflow/source viewer/bench/frames.ts [spans] (Node 22 and later; CHROMIUM names the browser)
 */
import { gzipSync } from 'node:zlib';
import { summarize } from '@captureflow/trace';
import { writeViewFile } from '@captureflow/trace/view-file';
import type { CDPSession, Page } from 'playwright-core';
import { busyTrace } from '../test/made-traces.ts';
import { launchChromium, openPage, pageText } from '../test/page-driver.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const trace = busyTrace(count);
const parts = writeViewFile(trace);
const summary = { ...summarize(trace), id: 'large' };
console.log(
  `${count} spans: head ${(parts.head.length / 1e6).toFixed(1)} MB, gzip ${(gzipSync(parts.head, { level: 1 }).length / 1e6).toFixed(1)} MB`,
);

const browser = await launchChromium();
const html = (await pageText()).replace('<div id="app">', `<script>(${frameClock.toString()})()</script><div id="app">`);
const open = await openPage(browser, html, {
  viewport: { width: 1600, height: 900 },
  answer: (path) => {
    if (path.startsWith('/api/traces?')) return JSON.stringify({ traces: [summary] });
    if (path === '/api/traces/large/head') return parts.head;
    const block = /^\/api\/traces\/large\/blocks\/(\d+)$/.exec(path);
    return block === null ? undefined : parts.block(Number(block[1]));
  },
});
const { page } = open;
await page.locator('.trace-row').waitFor();
const session = await page.context().newCDPSession(page);
await session.send('Performance.enable');
const before = await memory(session);

await page.evaluate(() => {
  const state = globalThis as unknown as { frames: number[]; loadedAt: number };
  state.frames = [];
});
const opened = (await page.evaluate(
  `new Promise((resolve) => {
    const loaded = () => performance.getEntriesByType('resource').find((entry) => entry.name.endsWith('/head'));
    document.querySelector('.trace-row').click();
    const look = () => {
      const canvas = document.querySelector('.chart-canvas');
      const entry = loaded();
      if (canvas !== null && entry !== undefined && frames.length > 0 && canvas.width > 300) {
        const pixel = canvas.getContext('2d').getImageData(40, 5, 1, 1).data;
        if (pixel[3] !== 0) return resolve(performance.now() - entry.responseEnd);
      }
      setTimeout(look, 5);
    };
    look();
  })`,
)) as number;
console.log(`opens ${opened.toFixed(0)} ms after the data is there`);

for (const [name, act] of [
  ['pan', pan],
  ['zoom in and out', zoom],
  ['whole trace, hovering', hover],
] as const) {
  await page.keyboard.press('0');
  await page.waitForTimeout(300);
  console.log(await measure(page, session, name, act));
}
console.log(
  `memory: ${(await memory(session)) - before} MB above the list, ${await memory(session)} MB in all (JS heap and array buffers)`,
);
await open.close();
await browser.close();

/** Runs in the page before its own code: how long each frame's callbacks take. */
function frameClock(): void {
  const state = globalThis as unknown as { frames: number[] };
  state.frames = [];
  const original = requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) =>
    original((now) => {
      const start = performance.now();
      callback(now);
      state.frames.push(performance.now() - start);
    });
}

async function measure(target: Page, cdp: CDPSession, name: string, act: (page: Page) => Promise<void>): Promise<string> {
  await target.evaluate('frames.length = 0');
  const start = await taskTime(cdp);
  await act(target);
  const frames = ((await target.evaluate('frames')) as number[]).sort((a, b) => a - b);
  const work = ((await taskTime(cdp)) - start) / Math.max(1, frames.length);
  const at = (share: number): string => (frames[Math.min(frames.length - 1, Math.floor(frames.length * share))] ?? 0).toFixed(1);
  return `${name}: ${frames.length} frames, callbacks median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms; all main-thread work ${work.toFixed(1)} ms a frame`;
}

async function taskTime(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

/** Whole MB after a collection. */
async function memory(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = (await cdp.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return Math.round((usedSize + backingStorageSize) / 1e6);
}

async function pan(target: Page): Promise<void> {
  for (let i = 0; i < 8; i++) await target.keyboard.press('w');
  for (let i = 0; i < 60; i++) {
    await target.keyboard.press(i < 30 ? 'd' : 'a');
    await target.waitForTimeout(16);
  }
}

async function zoom(target: Page): Promise<void> {
  const box = await target.locator('.chart-canvas').boundingBox();
  await target.mouse.move((box?.x ?? 0) + 500, (box?.y ?? 0) + 300);
  for (let i = 0; i < 80; i++) {
    await target.mouse.wheel(0, i < 40 ? -100 : 100);
    await target.waitForTimeout(16);
  }
}

async function hover(target: Page): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await target.mouse.move(200 + i * 10, 250 + (i % 20) * 20);
    await target.waitForTimeout(16);
  }
}
