/** All of the page by keyboard alone: every stop of the Tab key shows that it has the focus and says what it is, and every view does its work. */
import { summarize } from '@captureflow/trace';
import type { Trace, TraceSummary } from '@captureflow/trace';
import { writeViewFile } from '@captureflow/trace/view-file';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdLive, launchChromium, openPage, pageText } from './page-driver.ts';
import type { OpenPage } from './page-driver.ts';
import { REPORT_SOURCE, reportTrace, traceOf } from './sample-traces.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

interface Focused {
  readonly tag: string;
  readonly role: string;
  readonly name: string;
  /** An outline, of its own or of the label around it; of the chart a frame. */
  readonly seen: boolean;
}

function focused(page: Page): Promise<Focused> {
  return page.evaluate<Focused>(`(() => {
    const at = document.activeElement;
    const outlined = (element) => element !== null && getComputedStyle(element).outlineStyle !== 'none' && parseFloat(getComputedStyle(element).outlineWidth) > 0;
    const label = at.closest('label');
    const name = at.getAttribute('aria-label') ?? (label ?? at).textContent ?? '';
    return {
      tag: at.tagName,
      role: at.getAttribute('role') ?? '',
      name: name.replace(/\\s+/g, ' ').trim(),
      seen: outlined(at) || outlined(label) || getComputedStyle(at.closest('.chart') ?? at, '::after').borderTopStyle === 'solid' || at.matches('.splitter'),
    };
  })()`);
}

/** Presses Tab until what has the focus is called so. Every stop on the way has a name and can be seen. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<Focused> {
  const stops: string[] = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press(key);
    const at = await focused(page);
    // Behind the last stop is the browser's own bar.
    if (at.tag === 'BODY') continue;
    expect(at.name, `what ${key} leads to behind ${stops.at(-1)} has a name`).not.toBe('');
    expect(at.seen, `focus on ${at.name} can be seen`).toBe(true);
    stops.push(at.name);
    if (typeof name === 'string' ? at.name === name : name.test(at.name)) return at;
  }
  throw new Error(`Tab does not lead to ${String(name)}, only to ${stops.join(' | ')}`);
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** A collector with two traces that are alike, an empty one, and a third that arrives when the test sends it. */
async function openCollector(): Promise<OpenPage & { send(trace: Trace, id: string): Promise<void> }> {
  const withThis = reportTrace();
  const [main, ...rest] = withThis.spans;
  const own: Trace = {
    ...withThis,
    spans: [{ ...main!, args: [{ name: 'this', value: { kind: 'string', value: 'the receiver' } }] }, ...rest],
  };
  const traces = new Map<string, Trace>([
    ['a', own],
    ['b', { ...reportTrace(3), startTime: Date.UTC(2026, 10, 20) }],
    ['empty', traceOf('empty', [], Date.UTC(2026, 10, 19))],
  ]);
  const summaryOf = (id: string): TraceSummary => ({ ...summarize(traces.get(id)!), id });
  const opened = await openPage(browser, await pageText(), {
    answer: (path) => {
      const { pathname, searchParams } = new URL(path, 'http://page');
      const text = searchParams.get('text');
      if (pathname === '/api/traces')
        return JSON.stringify({ traces: [...traces.keys()].map(summaryOf).filter(({ name }) => text === null || name.includes(text)) });
      const [, id = '', what] = /^\/api\/traces\/(\w+)\/(head|blocks|export)/.exec(pathname) ?? [];
      const trace = traces.get(id);
      if (what === 'export') return '{}';
      if (trace !== undefined) return what === 'head' ? writeViewFile(trace).head : writeViewFile(trace).block(0);
      return pathname === '/api/sources' ? REPORT_SOURCE : undefined;
    },
  });
  const sendLive = await holdLive(opened.page);
  await opened.page.locator('.trace-row').first().waitFor();
  return {
    ...opened,
    send: async (trace, id) => {
      traces.set(id, trace);
      await sendLive('trace', summaryOf(id));
    },
  };
}

/** A page that shows one trace, opened from the list. */
async function openTrace(): Promise<OpenPage> {
  const opened = await openCollector();
  await tabTo(opened.page, /report\.ts/);
  await press(opened.page, 'Enter');
  await opened.page.locator('.chart-canvas').waitFor();
  return opened;
}

async function close({ complaints, close: end }: OpenPage): Promise<void> {
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  await end();
}

describe('by keyboard alone', () => {
  it('the list is filtered, holds live traces back and lets them in, and opens a trace', async () => {
    const opened = await openCollector();
    const { page, send } = opened;
    const rows = page.locator('.trace-row');
    await press(page, '/');
    expect(await focused(page)).toMatchObject({ name: 'Text', seen: true });
    await page.keyboard.type('empty');
    await expect.poll(() => rows.count()).toBe(1);
    await tabTo(page, 'Clear');
    await press(page, 'Enter');
    await expect.poll(() => rows.count()).toBe(3);
    await tabTo(page, '● live');
    await press(page, 'Space');
    await send({ ...reportTrace(4), startTime: Date.UTC(2026, 10, 22) }, 'new');
    await expect.poll(() => page.innerText('.live')).toBe('○ paused, 1 new');
    await press(page, 'Space');
    await expect.poll(() => rows.count()).toBe(4);
    await tabTo(page, /report\.ts/);
    await press(page, 'End', 'Home', 'ArrowDown');
    expect((await focused(page)).name).toContain('report.ts');
    await press(page, 'Enter');
    await page.locator('.chart-canvas').waitFor();
    expect(await focused(page)).toMatchObject({ name: 'Flame chart', role: 'application', seen: true });
    await press(page, ']');
    await expect.poll(() => page.evaluate<string>('location.hash')).toContain('trace=b');
    await press(page, 'Backspace');
    await rows.first().waitFor();
    await close(opened);
  }, 60_000);

  it('the chart selects, zooms and pans, and the details open values and go to the caller', async () => {
    const opened = await openTrace();
    const { page } = opened;
    const now = page.locator('#chart-now');
    await press(page, 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight');
    await expect.poll(() => now.textContent()).toMatch(/^priceOf, 1 ms/);
    await press(page, 'Enter', 'd', 's');
    await expect.poll(() => page.evaluate<string>('location.hash')).toMatch(/from=.*to=/);
    await press(page, '0');
    await expect.poll(() => page.evaluate<string>('location.hash')).not.toContain('from=');
    const before = (await page.locator('.details').boundingBox())!.width;
    expect(await tabTo(page, 'Width of the details')).toMatchObject({ role: 'separator' });
    await press(page, 'ArrowLeft');
    expect((await page.locator('.details').boundingBox())!.width).toBeGreaterThan(before);
    await tabTo(page, 'report');
    await press(page, 'Enter');
    await page.locator('.details h2', { hasText: 'report' }).waitFor();
    await tabTo(page, 'main', 'Shift+Tab');
    await press(page, 'Enter');
    await page.locator('.details-section:has(h3:text-is("this"))', { hasText: 'the receiver' }).waitFor();
    await tabTo(page, 'Flame chart', 'Shift+Tab');
    await press(page, 'Escape');
    await page.locator('.details h2', { hasText: 'report.ts' }).waitFor();
    await close(opened);
  }, 60_000);

  it('each view is reached by its number and by the tabs, and has the focus then', async () => {
    const opened = await openTrace();
    const { page } = opened;
    const names = ['Flame chart', 'Calls', 'Source', 'Merged flame graph', 'Functions', 'Call graph', 'Before'];
    await press(page, 'ArrowRight');
    for (const [index, name] of names.entries()) {
      await press(page, String(index + 1));
      await page
        .locator(`[role=tab][aria-selected=true]#tab-${['chart', 'tree', 'source', 'merged', 'sandwich', 'graph', 'diff'][index]}`)
        .waitFor();
      const isThere = async (): Promise<string> => (await focused(page)).name;
      // The source is read first, and the comparison has nothing to be in yet: their tabs have the focus.
      const expected = index === 2 ? /Source/ : index === 6 ? /Compare/ : new RegExp(`^${name}`);
      await expect.poll(isThere).toMatch(expected);
    }
    for (const tab of ['Flame chart', 'Call tree', 'Source', 'Merged', 'Functions', 'Call graph', 'Compare']) {
      await press(page, 'ArrowRight');
      await expect.poll(async () => (await focused(page)).name).toBe(tab);
      expect(await focused(page)).toMatchObject({ role: 'tab', seen: true });
    }
    await close(opened);
  }, 60_000);

  it('the tree opens, closes and leads to the source, which is stepped through', async () => {
    const opened = await openTrace();
    const { page } = opened;
    await press(page, '2');
    await expect.poll(async () => (await focused(page)).role).toBe('tree');
    await press(page, 'Home', 'ArrowDown', 'ArrowLeft');
    await expect.poll(() => page.locator('.tree-row').count()).toBe(3);
    await press(page, 'ArrowRight', 'Enter');
    await page.locator('.source-code').first().waitFor();
    await tabTo(page, 'Step back');
    await press(page, 'Enter');
    await expect.poll(() => page.innerText('.step-bar')).toContain('step 6 of 7');
    await tabTo(page, 'Previous iteration');
    await press(page, 'Enter');
    await expect.poll(() => page.innerText('.step-loop')).toContain('1 of 3');
    expect((await tabTo(page, /^Source of/)).role).toBe('listbox');
    await press(page, 'ArrowRight');
    await expect.poll(() => page.locator('[aria-current=step]').getAttribute('id')).toBe('source-3');
    await close(opened);
  }, 60_000);

  it('merged calls, functions and the graph are walked, and lead to each other', async () => {
    const opened = await openTrace();
    const { page } = opened;
    await press(page, '4');
    await expect.poll(async () => (await focused(page)).name).toMatch(/^Merged flame graph/);
    await press(page, 'ArrowDown', 'ArrowDown', 'Enter');
    await expect.poll(() => page.innerText('.merged-about')).toMatch(/^report 1 call /);
    await tabTo(page, 'Longest call in the chart', 'Shift+Tab');
    await press(page, 'Enter');
    await page.locator('.details h2', { hasText: 'report' }).waitFor();
    await press(page, '5');
    await expect.poll(async () => (await focused(page)).role).toBe('listbox');
    await press(page, 'Home');
    await expect.poll(() => page.innerText('.sandwich-chosen')).toMatch(/^main/);
    await tabTo(page, /^report1×/);
    await press(page, 'Enter');
    await expect.poll(() => page.innerText('.sandwich-chosen')).toMatch(/^report/);
    await press(page, '6');
    await expect.poll(async () => (await focused(page)).name).toBe('Call graph');
    await press(page, 'ArrowUp', 'ArrowUp', 'ArrowDown', 'Enter');
    await expect.poll(() => page.innerText('.sandwich-chosen')).toMatch(/^main/);
    await close(opened);
  }, 60_000);

  it('two traces are compared, by function and as a tree', async () => {
    const opened = await openTrace();
    const { page } = opened;
    await press(page, '7');
    await tabTo(page, /^Before/);
    await page.keyboard.type('report');
    await page.locator('.change.is-results').waitFor();
    await tabTo(page, 'Functions of both traces');
    await press(page, 'ArrowDown');
    await page.locator('.diff-outcome').first().waitFor();
    await tabTo(page, 'Functions', 'Shift+Tab');
    await press(page, 'ArrowRight');
    expect(await focused(page)).toMatchObject({ name: 'Aligned tree', role: 'tab' });
    await tabTo(page, /[Tt]ree|[Cc]alls/);
    await press(page, 'ArrowDown', 'ArrowDown');
    await page.locator('.diff-row.is-selected').waitFor();
    await close(opened);
  }, 60_000);

  it('search, export, theme and help are reached and left again', async () => {
    const opened = await openTrace();
    const { page } = opened;
    await press(page, '/');
    await page.keyboard.type('price');
    await expect.poll(() => page.innerText('.search-count')).toBe('5');
    await press(page, 'Escape');
    expect((await focused(page)).name).toBe('Flame chart');
    await press(page, 'n', 'n');
    expect(await page.innerText('.search-count')).toBe('2 of 5');
    await tabTo(page, /^Export/, 'Shift+Tab');
    await press(page, 'Enter');
    expect(await focused(page)).toMatchObject({ role: 'menuitem', seen: true });
    await press(page, 'ArrowDown', 'End');
    expect((await focused(page)).name).toMatch(/^Mermaid/);
    await press(page, 's');
    expect((await focused(page)).name).toMatch(/^speedscope/);
    const coming = page.waitForEvent('download');
    await press(page, 'Enter');
    expect((await coming).suggestedFilename()).toMatch(/speedscope\.json$/);
    expect((await focused(page)).name).toMatch(/^Export/);
    await press(page, 'ArrowDown', 'Escape');
    expect((await focused(page)).name).toMatch(/^Export/);
    expect(await page.locator('[role=menu]').count()).toBe(0);
    expect((await tabTo(page, 'Open file')).tag).toBe('INPUT');
    await tabTo(page, /^Auto/);
    await press(page, 'Enter', 'Enter');
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
    expect((await focused(page)).name).toBe('Dark');
    await press(page, '?');
    await page.locator('dialog[open]').waitFor();
    await press(page, 'Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect((await focused(page)).name).toBe('Dark');
    await close(opened);
  }, 60_000);
});
