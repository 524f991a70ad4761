/**
 * What a large trace costs the page in Chromium: time to open, main-thread work a picture while panning and zooming, memory. Of the page's
 * main thread the processor time, which changes little when others use the machine.
 * node --conditions=@captureflow/source viewer/bench/frames.ts [spans] (Node 22 and later; CHROMIUM names the browser)
 */
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/page-driver.ts';
import { openLargePage, PageMemory } from './large-page.ts';

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
  readonly args?: { readonly name?: string };
}

const count = Number(process.argv[2] ?? 1_000_000);
const browser = await launchChromium();
const { page, close } = await openLargePage(browser, [count]);
const memory = await PageMemory.of(page);
const before = await memory.now();
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
const after = await memory.now();
console.log(
  `memory after a collection: ${after.page + after.workers} MB of JS heap and array buffers (${after.workers} in the worker); the list: ${before.page} MB`,
);
await close();
await browser.close();

async function opening(target: Page): Promise<string> {
  await target.evaluate(`shown = new Promise((resolve) => {
    const look = () => requestAnimationFrame(document.querySelector('.chart-canvas[data-painted]') === null ? look : () => resolve(performance.now()));
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

/**
 * Of each picture of the chart, all that the page's main thread did since the one before: keys and wheel, signals, elements, layout, paint. How many pictures there
 * were a second, and what painting one cost its worker.
 */
async function frames(target: Page, name: string, act: (page: Page) => Promise<void>): Promise<string> {
  await browser.startTracing(target, { categories: ['toplevel', 'devtools.timeline'] });
  await act(target);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const tasks = outermost(threadEvents(traceEvents, 'CrRendererMain').filter((event) => event.name === 'ThreadControllerImpl::RunTask'));
  const [there, here] = ['DedicatedWorker thread', 'CrRendererMain'].map((thread) =>
    threadEvents(traceEvents, thread).filter((event) => event.name === 'FireAnimationFrame'),
  ) as [Work[], Work[]];
  const pictures = there.length > 0 ? there : here;
  const work = pictures.slice(1).map(({ ts }, index) => {
    const since = (pictures[index] as Work).ts;
    return tasks.reduce((sum, task) => sum + (task.ts >= since && task.ts < ts ? task.tdur : 0), 0);
  });
  const seconds = ((pictures.at(-1)?.ts ?? 0) - (pictures[0]?.ts ?? 0)) / 1e6;
  return [
    `${name}: ${pictures.length} pictures, ${(work.length / seconds).toFixed(0)} a second`,
    `page, processor time of each: ${spread(work)}`,
    `painting it${there.length > 0 ? ' in the worker' : ''}: ${spread(pictures.map(({ tdur }) => tdur))}`,
  ].join('; ');
}

/** In µs; `tdur` is processor time. */
type Work = Required<Pick<TraceEvent, 'ts' | 'dur' | 'tdur'>>;

/** All that has a duration on the threads of a name, in order. */
function threadEvents(events: readonly TraceEvent[], thread: string): (Work & { readonly name: string })[] {
  const isNamed = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args?.name === thread).map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return events
    .filter(({ pid, tid, ph }) => ph === 'X' && isNamed.has(`${pid} ${tid}`))
    .map(({ name, ts, dur = 0, tdur = 0 }) => ({ name, ts, dur, tdur }))
    .sort((a, b) => a.ts - b.ts);
}

function outermost(events: readonly Work[]): Work[] {
  const kept: Work[] = [];
  for (const event of events) {
    const last = kept.at(-1);
    if (last === undefined || event.ts >= last.ts + last.dur) kept.push(event);
  }
  return kept;
}

/** Of times in µs. */
function spread(unsorted: readonly number[]): string {
  const times = unsorted.toSorted((a, b) => a - b);
  const at = (share: number): string => ((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) / 1000).toFixed(1);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`;
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
