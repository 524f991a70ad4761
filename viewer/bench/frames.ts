/**
 * What a large trace costs the page in Chromium: time to open, main-thread work a frame while panning and zooming, memory. Processor time of the
 * page's main thread beside wall time: the first does not change when others use the machine.
 * node --conditions=@captureflow/source viewer/bench/frames.ts [spans] (Node 22 and later; CHROMIUM names the browser)
 */
import { summarize } from '@captureflow/trace';
import { writeViewFile } from '@captureflow/trace/view-file';
import type { CDPSession, Page } from 'playwright-core';
import { busyTrace } from '../test/made-traces.ts';
import { launchChromium, openPage, pageText } from '../test/page-driver.ts';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** µs. */
  readonly ts: number;
  readonly dur?: number;
  /** Processor time, µs. */
  readonly tdur?: number;
}

const count = Number(process.argv[2] ?? 1_000_000);
const trace = busyTrace(count);
const parts = writeViewFile(trace);
const summary = { ...summarize(trace), id: 'large' };
console.log(`${count} spans, head of ${(parts.head.length / 1e6).toFixed(1)} MB`);

const browser = await launchChromium();
const { page, close } = await openPage(browser, await pageText(), {
  viewport: { width: 1600, height: 900 },
  answer: (path) => {
    if (path.startsWith('/api/traces?')) return JSON.stringify({ traces: [summary] });
    if (path === '/api/traces/large/head') return parts.head;
    const block = /^\/api\/traces\/large\/blocks\/(\d+)$/.exec(path);
    return block === null ? undefined : parts.block(Number(block[1]));
  },
});
await page.locator('.trace-row').waitFor();
const session = await page.context().newCDPSession(page);
const before = await memory(session);
console.log(await opening(page));
for (const [name, act] of [
  ['pan', pan],
  ['zoom', zoom],
  ['hover', hover],
] as const) {
  await page.keyboard.press('0');
  await page.waitForTimeout(500);
  console.log(await frames(page, name, act));
}
const after = await memory(session);
console.log(`memory after a collection: ${after} MB of JS heap and array buffers, ${after - before} MB more than the list`);
await close();
await browser.close();

async function opening(target: Page): Promise<string> {
  await target.evaluate(`shown = new Promise((resolve) => {
    const look = () => requestAnimationFrame(document.querySelector('.chart-canvas') === null ? look : () => resolve(performance.now()));
    look();
  }); undefined`);
  await target.locator('.trace-row').click();
  const times = (await target.evaluate(`shown.then((at) => {
    const { responseEnd } = performance.getEntriesByType('resource').find((entry) => entry.name.endsWith('/head'));
    return at - responseEnd;
  })`)) as number;
  await target.waitForTimeout(1500);
  return `open: the chart is drawn ${times.toFixed(0)} ms after the last byte`;
}

/** Tasks in which a frame was made: callbacks, styles, layout, paint, and the canvas on its way to the compositor. */
async function frames(target: Page, name: string, act: (page: Page) => Promise<void>): Promise<string> {
  await browser.startTracing(target, { categories: ['toplevel', 'devtools.timeline'] });
  await act(target);
  const events = await mainThread();
  const tasks = events.filter((event) => isTask(event.name)).sort((a, b) => a.ts - b.ts);
  const drawn = events.filter((event) => event.name === 'FireAnimationFrame');
  const made = tasks.filter(({ ts, dur = 0 }) => drawn.some((frame) => frame.ts >= ts && frame.ts <= ts + dur));
  return `${name}: ${made.length} frames, processor time ${spread(made.map(({ tdur = 0 }) => tdur / 1000))}, wall ${spread(made.map(({ dur = 0 }) => dur / 1000))}`;
}

function isTask(name: string): boolean {
  return name === 'RunTask' || name === 'ThreadControllerImpl::RunTask';
}

async function mainThread(): Promise<TraceEvent[]> {
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const main = traceEvents.find(({ name }) => name === 'FireAnimationFrame');
  return traceEvents.filter(({ pid, tid, ph }) => pid === main?.pid && tid === main.tid && ph === 'X');
}

function spread(times: number[]): string {
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`;
}

/** Whole MB. */
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
