import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, openPage, pageWith, type OpenPage } from './page-driver.ts';
import { MODULE, REPORT_SOURCE, reportTrace, traceOf } from './sample-traces.ts';

let browser: Browser;
let html: string;
let opened: OpenPage;

beforeAll(async () => {
  browser = await launchChromium();
  const other = { ...reportTrace(3), startTime: Date.UTC(2026, 10, 20) };
  html = await pageWith([reportTrace(), other, traceOf('empty', [])], { [MODULE]: REPORT_SOURCE });
});

afterAll(() => browser?.close());

async function open(hash: string): Promise<Page> {
  opened = await openPage(browser, html, { hash });
  return opened.page;
}

/** Values with markup in them are in every view: none of it may run, and nothing may ask the network. */
async function closeQuiet(): Promise<void> {
  expect(opened.complaints).toEqual([]);
  expect(opened.requests).toEqual([]);
  await opened.close();
}

afterEach(closeQuiet);

/** The texts of rows, blanks joined. */
async function texts(page: Page, selector: string): Promise<string[]> {
  await page.waitForSelector(selector);
  // SVG's texts have no innerText.
  const all = await page
    .locator(selector)
    .evaluateAll((elements: { innerText?: string; textContent: string }[]) => elements.map((each) => each.innerText ?? each.textContent));
  return all.map((text) => text.replace(/\s+/g, ' ').trim());
}

describe('the call tree', () => {
  it('shows every call with arguments and outcome in its line, as text', async () => {
    const page = await open('#trace=t1&view=tree');
    await page.waitForSelector('.tree-row .call-args');
    const rows = await texts(page, '.tree-row .tree-call');
    expect(rows).toEqual([
      'main() ✕ Error: no price',
      'report(rows: "<img src=x onerror=alert(1)>") ✕ Error: no price',
      'priceOf(row: 5) → 10',
      'priceOf(row: 7) → 14',
      'priceOf(row: -1) ✕ Error: no price',
      'log(text: "needle in hay")',
    ]);
  });

  it('is used by the keyboard as a tree', async () => {
    const page = await open('#trace=t1&view=tree');
    await page.focus('#tree');
    const active = (): Promise<string> => page.innerText('[role=treeitem][aria-selected=true] .tree-name');
    for (const key of ['End', 'Home', 'ArrowRight', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    expect(await active()).toBe('priceOf');
    await page.keyboard.press('ArrowLeft');
    expect(await active()).toBe('report');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.locator('.tree-row').count()).toBe(3);
    expect(await page.getAttribute('[role=treeitem][aria-selected=true]', 'aria-expanded')).toBe('false');
    expect(await page.getAttribute('[role=treeitem][aria-selected=true]', 'aria-level')).toBe('2');
    expect(await page.getAttribute('#tree', 'aria-activedescendant')).toBe(
      await page.getAttribute('[role=treeitem][aria-selected=true]', 'id'),
    );
    await page.keyboard.press('*');
    await expect.poll(() => page.locator('.tree-row').count()).toBe(6);
  });

  it('says so when nothing was called', async () => {
    const page = await open('#trace=t3&view=tree');
    expect(await texts(page, '.nothing')).toContain('No function was called in this trace.');
  });
});

describe('the source', () => {
  const line = async (page: Page, number: number): Promise<string> => (await texts(page, `#source-${number - 1}`))[0]!;

  it('steps through a call with values beside the lines, hit counts and the iterations of its loop', async () => {
    const page = await open('#trace=t1&view=source&span=2');
    await page.waitForSelector('.source-line');
    expect(await line(page, 4)).toContain('3×');
    expect(await line(page, 4)).toContain('price = 14');
    expect(await texts(page, '.step-loop')).toEqual(['loop 4–5 ‹ 3 of 3 ›']);
    await page.click('[aria-label="Previous iteration"]');
    await page.click('[aria-label="Previous iteration"]');
    expect(await texts(page, '.step-loop')).toEqual(['loop 4–5 ‹ 1 of 3 ›']);
    expect(await line(page, 3)).toContain('row = 5');
    expect(await line(page, 4)).toContain('↳ priceOf');
    await page.focus('#source');
    await page.keyboard.press('ArrowRight');
    expect(await line(page, 5)).toContain('sum = 10');
    expect(await page.getAttribute('[aria-current=step]', 'id')).toBe('source-4');
  });

  it('marks the line in which an error came up, and goes to the call that threw it', async () => {
    const page = await open('#trace=t1&view=source&span=2');
    await page.waitForSelector('.source-line.is-error');
    expect(await page.locator('.source-line.is-error').count()).toBe(1);
    expect(await line(page, 4)).toContain('✕ Error: no price');
    await page.click('.source-call.is-error');
    await page.waitForSelector('.source-title:has-text("priceOf")');
    expect(await line(page, 9)).toContain('row = -1');
  });

  it('shows lines by their numbers where the source is not there', async () => {
    opened = await openPage(browser, await pageWith([reportTrace()]), { hash: '#trace=t1&view=source&span=2' });
    const { page } = opened;
    await page.waitForSelector('.source-missing');
    expect(await line(page, 5)).toContain('2×');
  });
});

describe('the merged flame graph', () => {
  it('tells about the box that the keyboard is at', async () => {
    const page = await open('#trace=t1&view=merged');
    await page.focus('.merged-scroll');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    expect((await texts(page, '.merged-about'))[0]).toBe('priceOf 3 calls · 3 ms (7.5 %) · self 3 ms · ✕ 1 threw');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect((await texts(page, '.merged-about'))[0]).toBe('6 calls along 4 paths · 40 ms in functions');
  });

  it('draws boxes and zooms by a click', async () => {
    const page = await open('#trace=t1&view=merged');
    await page.waitForSelector('.merged-canvas');
    await page.click('.merged-canvas', { position: { x: 100, y: 30 } });
    expect((await texts(page, '.merged-about'))[0]).toMatch(/^main 1 call/);
    const colors = await page.evaluate<number>(`(() => {
      const canvas = document.querySelector('.merged-canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, 200);
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) seen.add(data[at] + ' ' + data[at + 1] + ' ' + data[at + 2]);
      return seen.size;
    })()`);
    expect(colors).toBeGreaterThan(3);
  });
});

describe('the table of functions', () => {
  it('has self and total time, calls and errors, and callers and callees of the chosen one', async () => {
    const page = await open('#trace=t1&view=sandwich');
    const rows = await texts(page, '.function-row:not(.function-head)');
    expect(rows[0]).toMatch(/^28 ms 40 ms 1 ✕ 1 main/);
    expect(rows.find((row) => row.includes('priceOf'))).toMatch(/^3 ms 3 ms 3 ✕ 1 priceOf src\/report\.ts:9/);
    await page.setViewportSize({ width: 1700, height: 800 });
    expect((await texts(page, '.function-row:has-text("priceOf")'))[0]).toMatch(/^3 ms 3 ms 1 ms 3 ✕ 1/);
    await page.click('.function-row:has-text("report src")');
    expect(await texts(page, '.neighbour')).toEqual(['main 1× 11 ms ✕ 1', 'priceOf 3× 3 ms ✕ 1']);
    await page.click('.neighbour:has-text("priceOf")');
    expect((await texts(page, '.sandwich-chosen'))[0]).toMatch(/^priceOf/);
    await page.click('[aria-label^="Sort by Calls"]');
    expect((await texts(page, '.function-row:not(.function-head)'))[0]).toContain('priceOf');
    await page.fill('.sandwich-filter', 'log');
    await expect.poll(() => page.locator('.function-row').count()).toBe(2);
  });
});

describe('the flame graphs of callers and callees', () => {
  it('stand on both sides of the chosen function and lead to others', async () => {
    const page = await open('#trace=t1&view=sandwich&span=2');
    const [callers, callees] = [page.locator('.function-flame').first(), page.locator('.function-flame').last()];
    // The root, main, report; report, priceOf.
    expect(await callers.evaluate((element) => Math.round(element.scrollHeight / 20))).toBe(3);
    expect(await callees.evaluate((element) => Math.round(element.scrollHeight / 20))).toBe(2);
    await callees.hover({ position: { x: 10, y: 30 } });
    await expect.poll(() => callees.getAttribute('title')).toBe('priceOf: 3 calls, 3 ms (27.3 %)');
    await callers.click({ position: { x: 100, y: 30 } });
    expect((await texts(page, '.sandwich-chosen'))[0]).toMatch(/^main/);
  });
});

describe('the call graph', () => {
  it('has a box for each function and is walked by arrows', async () => {
    const page = await open('#trace=t1&view=graph');
    expect(await texts(page, '.graph-title')).toEqual(['report.ts', '✕ main', '✕ report', '✕ priceOf', 'log']);
    expect(await page.locator('.graph-link').count()).toBe(4);
    await page.focus('.graph-picture');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    expect((await texts(page, '.graph-side h2'))[0]).toBe('priceOf');
    await page.keyboard.press('Enter');
    expect((await texts(page, '.sandwich-chosen'))[0]).toMatch(/^priceOf/);
  });

  it('folds a chain of calls when asked to', async () => {
    const page = await open('#trace=t1&view=graph');
    await page.selectOption('[aria-label^="Folding"]', 'always');
    expect(await texts(page, '.graph-title')).toContain('✕ report → priceOf');
  });
});

describe('the search', () => {
  it('finds functions and values, and n and N step through them in every view', async () => {
    const page = await open('#trace=t1&view=tree');
    await page.focus('#tree');
    await page.keyboard.press('/');
    await page.keyboard.type('price');
    // By name three calls, by value the two that threw `no price` above them.
    await expect.poll(() => page.innerText('.search-count')).toBe('5');
    await page.keyboard.press('Enter');
    expect((await texts(page, '.search-count'))[0]).toBe('1 of 5');
    await page.focus('#tree');
    await page.keyboard.press('n');
    expect((await texts(page, '.search-count'))[0]).toBe('2 of 5');
    await page.keyboard.press('N');
    await page.keyboard.press('N');
    expect((await texts(page, '.search-count'))[0]).toBe('5 of 5');
    expect(await page.locator('.tree-row.is-found').count()).toBe(5);
    await page.fill('.search-box', 'needle');
    await expect.poll(() => page.innerText('.search-count')).toBe('1');
  });
});

describe('the comparison', () => {
  it('names what changed between two traces and shows the first pair of calls that ended otherwise', async () => {
    const page = await open('#trace=t1&view=diff');
    await page.selectOption('.diff-choice select', { index: 1 });
    await page.waitForSelector('.change.is-results');
    expect(await texts(page, '.diff-row')).toEqual(['priceOf src/report.ts:9 ≠ result 3× 3 ms']);
    await page.click('.diff-row');
    await page.waitForSelector('.diff-outcome');
    expect(await texts(page, '.diff-outcome')).toEqual(['→ 15', '→ 10']);
    await page.click('text=Aligned tree');
    expect(await texts(page, '.diff-row .diff-name')).toEqual(['main', 'report', 'priceOf', 'log']);
    await page.click('text=Swap');
    await page.waitForSelector('.diff-row');
    await page.click('.diff-row');
    await page.waitForSelector('.diff-outcome');
    expect(await texts(page, '.diff-outcome')).toEqual(['→ 10', '→ 15']);
  });

  it('stands in the address', async () => {
    const page = await open('#trace=t1&view=diff&with=t2');
    await page.waitForSelector('.change.is-results');
    expect(await page.inputValue('.diff-choice select')).toBe('t2');
    await page.click('#tab-tree');
    await page.evaluate("location.hash = '#trace=t1&view=diff&with=t2'");
    await page.waitForSelector('.change.is-results');
    expect(await page.evaluate('location.hash')).toContain('with=t2');
  });
});

describe('a hostile trace', () => {
  it('shows in every view: markup stays text, and a name of a million letters does not hold the page', async () => {
    const long = '<script>alert(1)</script><b>'.repeat(37_037);
    const hostile = traceOf(long, [
      { name: long, parent: 0, start: 5, end: 1, args: { [long]: long }, error: long, locals: { [long]: long }, line: -3, endLine: 1e9 },
      { name: '__proto__', parent: 1, start: 0, end: 9, args: { constructor: long }, line: 1, endLine: 2 },
      { name: 'constructor', parent: 2, start: 1, line: Number.MAX_SAFE_INTEGER },
    ]);
    opened = await openPage(browser, await pageWith([hostile, { ...hostile, startTime: 5 }], { [MODULE]: long }), {
      hash: '#trace=t1&view=tree&span=1',
    });
    const { page } = opened;
    for (const view of ['tree', 'source', 'merged', 'sandwich', 'graph', 'diff']) {
      await page.click(`#tab-${view}`);
      if (view === 'diff') await page.selectOption('.diff-choice select', { index: 1 });
      await page.waitForSelector(`.${view}-view`);
      expect(await page.locator('#view b, #view script').count()).toBe(0);
    }
    await page.fill('.search-box', '<script>');
    await expect.poll(() => page.innerText('.search-count')).toMatch(/2$/);
  });
});
