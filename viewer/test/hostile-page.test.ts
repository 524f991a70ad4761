/** Traces that mean harm, and traces of any size, in Chromium: shown as text, nothing run, nothing asked for, nothing stuck. */
import { gzipSync } from 'node:zlib';
import { summarize } from '@captureflow/trace';
import type { FunctionInfo, NamedValue, Trace, Value } from '@captureflow/trace';
import { joinViewFile, readViewHead, writePageBundle, writeViewFile } from '@captureflow/trace/view-file';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deepTrace, madeFunction, madeSpan, madeTrace, wideTrace } from './made-traces.ts';
import { chartPicture, launchChromium, openPage, pageText, pageWith, withData } from './page-driver.ts';

const MARKUP = [
  '<img src=x onerror="window.hacked = 1">',
  '</script><script>window.hacked = 2</script>',
  '"><svg onload=window.hacked=3>',
  'javascript:window.hacked=4',
  '\u202egnp.exe\u0000\u001b[31m',
  '{{constructor.constructor("window.hacked=5")()}}',
];

/** The same text wherever a trace has one. */
function nastyTrace(text: string): Trace {
  const fn: FunctionInfo = madeFunction(0, { key: text, name: text, module: text, parameters: [text] });
  const error: Value = {
    kind: 'error',
    id: 1,
    className: text,
    message: text,
    entries: [{ name: text, value: { kind: 'string', value: text } }],
  };
  const args: NamedValue[] = [
    {
      name: text,
      value: { kind: 'object', id: 2, className: text, size: 1, entries: [{ name: text, value: { kind: 'symbol', description: text } }] },
    },
    { name: '__proto__', value: { kind: 'function', name: text, form: 'class' } },
  ];
  const spans = [
    madeSpan(1, 0, fn, 0, {
      end: 50,
      args,
      outcome: { kind: 'threw', error, errorId: 1 },
      annotations: [{ kind: 'regexp', source: text }],
    }),
    madeSpan(2, 1, fn, 5, { end: 20, elided: [{ function: fn, count: 3 }], locals: args }),
  ];
  return madeTrace(spans, 50, {
    root: {
      kind: 'http',
      name: text,
      attributes: { [text]: text, __proto__: text },
      spanId: text,
      error: { type: text, message: text },
      annotations: [error],
    },
    process: { pid: 1, threadId: 0, service: text, runtime: text },
    dropped: { [text]: 1 },
    kept: text,
    rootsDropped: { [text]: 2 },
  });
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Goes through every view of the open trace, with its first span selected. */
async function lookAround(page: Page): Promise<void> {
  await page.locator('.chart-scroll').focus();
  await page.keyboard.press('ArrowDown');
  await page.locator('.details-section').first().waitFor();
  await page.locator('.chart-canvas').hover({ position: { x: 100, y: 8 } });
  await page.locator('.tooltip').waitFor();
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await page.locator('#view').waitFor();
  }
  await page.keyboard.press('1');
}

describe('a hostile trace', () => {
  it('shows its texts as text in every view, and nothing in them is run or fetched', async () => {
    const html = await pageWith(MARKUP.map(nastyTrace), Object.fromEntries(MARKUP.map((text) => [text, text])));
    const opened = await openPage(browser, html);
    const { page } = opened;
    for (let i = 0; i < MARKUP.length; i++) {
      await page.locator('.trace-row').nth(i).click();
      await lookAround(page);
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.evaluate('document.querySelectorAll("#app img, #app svg[onload], #app script").length')).toBe(0);
      await page.keyboard.press('Backspace');
      await page.locator('.trace-table').waitFor();
    }
    expect(opened.requests).toEqual([]);
    expect(opened.complaints).toEqual([]);
    await opened.close();
  }, 120_000);

  it('with names and values of a million characters stays usable', async () => {
    const long = '<b>'.repeat(333_334);
    const fn = madeFunction(0, { name: long, module: long, key: long });
    const value: Value = { kind: 'string', value: long };
    const spans = [madeSpan(1, 0, fn, 0, { end: 9, args: [{ name: long, value }], outcome: { kind: 'returned', value } })];
    const opened = await openPage(browser, await pageWith([madeTrace(spans, 9)]));
    const { page } = opened;
    await page.locator('.chart-canvas').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('button', { name: '999,002 more characters' }).first().click();
    expect(((await page.locator('.details').textContent()) ?? '').length).toBeLessThan(100_000);
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });

  it('with cycles in parents, times that go backwards or are none, and ids twice is shown, and says what was wrong', async () => {
    const fn = madeFunction(0);
    const spans = [
      madeSpan(1, 0, fn, 50, { end: 10, spanId: 'same' }),
      madeSpan(2, 1, fn, 40, { end: 80, spanId: 'same' }),
      madeSpan(3, 2, fn, -30, { end: 20, spanId: 'same' }),
      madeSpan(4, 3, fn, 1e300, { end: 1e301 }),
      madeSpan(5, 1, fn, 45, { end: 46 }),
    ];
    const trace = madeTrace(spans, 60);
    const parts = writeViewFile(trace);
    // The bytes that a foreign writer could make: read, broken, read by the page.
    const { columns } = readViewHead(parts.head);
    columns.parent[0] = 4;
    columns.parent[1] = 1;
    columns.start[3] = Number.NaN;
    columns.end[3] = Number.POSITIVE_INFINITY;
    columns.functionIndex[4] = 12_345;
    const file = joinViewFile(parts.head, [gzipSync(parts.block(0))]);
    const html = withData(
      await pageText(),
      writePageBundle({ files: [file], summaries: [{ ...summarize(trace), id: 't1' }], sources: {} }),
    );
    const opened = await openPage(browser, html);
    const { page } = opened;
    await page.locator('.chart-canvas').waitFor();
    expect(await page.locator('.missing').textContent()).toContain('damaged numbers: 5');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter', 'ArrowUp', 'w', 'w', 's', 'd', '0']) await page.keyboard.press(key);
    await page.locator('.details-section').first().waitFor();
    for (const tab of await page.getByRole('tab').all()) await tab.click();
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });
});

describe('a large trace', () => {
  it.each([
    ['100,000 calls under one', () => wideTrace(100_000, false), 100_001],
    ['20,000 calls that wait at the same time', () => wideTrace(20_000, true), 20_001],
    ['10,000 calls within each other', () => deepTrace(10_000), 10_000],
  ] as const)('of %s is drawn, and its last span is found and selected', async (_title, make, last) => {
    const opened = await openPage(browser, await pageWith([make()]), { hash: `#trace=t1&view=chart&span=${last}` });
    const { page } = opened;
    await page.locator('.details dd', { hasText: last.toLocaleString('en') }).waitFor();
    // In the colour of outlines, which nothing else in the chart has.
    await expect.poll(async () => (await chartPicture(page)).hexes).toContain('#1a5fc8');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowLeft');
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });
});
