/** The page in Chromium: list, chart and details by mouse and by keyboard, with traces inside, from a collector and from files. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encodeSegment, fileHeader, frameSegment, Op, summarize, WIRE_VERSION } from '@captureflow/trace';
import type { Span, Trace } from '@captureflow/trace';
import { writeViewFile } from '@captureflow/trace/view-file';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWER_MS } from '../src/state/api.ts';
import { madeFunction, madeSpan, madeTrace } from './made-traces.ts';
import { chartPicture, launchChromium, openPage, pageText, pageWith } from './page-driver.ts';
import type { OpenPage } from './page-driver.ts';

/** `checkout` calls `loadCart`, which returns, and `pay`, which throws what `checkout` passes on. */
function shopTrace(): Trace {
  const functions = ['checkout', 'loadCart', 'pay'].map((name, index) =>
    madeFunction(index, { name, key: `src/shop.ts#${name}`, module: 'src/shop.ts' }),
  );
  const [checkout, loadCart, pay] = functions as [(typeof functions)[0], (typeof functions)[0], (typeof functions)[0]];
  const error = {
    kind: 'error',
    id: 1,
    className: 'PaymentError',
    message: 'card declined',
    entries: [
      { name: 'code', value: { kind: 'string', value: 'E42' } },
      { name: 'cause', value: { kind: 'error', id: 2, className: 'TimeoutError', message: 'no answer in 5 s', entries: [] } },
    ],
  } as const;
  const threw = { kind: 'threw', error, errorId: 7 } as const;
  const spans: Span[] = [
    madeSpan(1, 0, checkout, 0, {
      end: 100,
      outcome: threw,
      args: [
        { name: 'token', value: { kind: 'redacted' } },
        { name: 'note', value: { kind: 'string', value: 'abc', length: 9000 } },
        {
          name: 'cart',
          value: {
            kind: 'object',
            id: 1,
            className: 'Cart',
            size: 5,
            entries: [{ name: 'total', value: { kind: 'bigint', value: 12n } }],
          },
        },
      ],
      suspensions: [{ kind: 'await', from: 10, to: 40 }],
      annotations: [{ kind: 'string', value: 'from the mobile app' }],
      elided: [{ function: loadCart, count: 12 }],
    }),
    madeSpan(2, 1, loadCart, 5, { end: 45, locals: [{ name: 'rows', value: { kind: 'number', value: 3 } }] }),
    madeSpan(3, 1, pay, 50, { end: 90, outcome: threw }),
  ];
  return madeTrace(spans, 100, {
    root: {
      kind: 'http',
      name: 'POST /checkout',
      attributes: { 'http.response.status_code': 500 },
      spanId: '00f067aa0ba902b7',
      annotations: [],
    },
    dropped: { 'ring.events': 3 },
  });
}

function plainTrace(name: string, startTime: number): Trace {
  const trace = madeTrace([madeSpan(1, 0, madeFunction(0), 0, { end: 3 })], 3);
  return { ...trace, startTime, root: { ...trace.root, name } };
}

let browser: Browser;
let shop: string;
beforeAll(async () => {
  browser = await launchChromium();
  shop = await pageWith([shopTrace()]);
});
afterAll(() => browser.close());

async function withPage(
  html: string,
  options: Parameters<typeof openPage>[2],
  act: (page: Page, opened: OpenPage) => Promise<void>,
): Promise<void> {
  const opened = await openPage(browser, html, options);
  try {
    await act(opened.page, opened);
    expect(opened.complaints).toEqual([]);
  } finally {
    await opened.close();
  }
}

/** Text of the details, once what was selected is there. */
async function details(page: Page, name: string): Promise<string> {
  await page.locator('.details h2', { hasText: name }).waitFor();
  await page.locator('.details-section', { hasText: 'Argument' }).waitFor();
  return (await page.locator('.details').textContent()) ?? '';
}

describe('an exported page', () => {
  it('is less than 120 KB compressed, and asks for nothing beside itself', async () => {
    const page = await pageText();
    expect(gzipSync(page, { level: 9 }).length).toBeLessThan(120_000);
    expect(page).not.toMatch(/<(script|link|img)[^>]*\s(src|href)="(?!data:)/);
  });

  it('with one trace shows it at once, without asking anybody for anything', async () => {
    await withPage(shop, {}, async (page, opened) => {
      await page.locator('.chart-canvas').waitFor();
      expect(await page.locator('.trace-name').textContent()).toBe('POST /checkout');
      expect(await page.locator('.trace-heading').textContent()).toContain('Not complete');
      expect(opened.requests).toEqual([]);
    });
  });

  it('with several traces lists them, newest first, narrows them and opens one by keyboard', async () => {
    const html = await pageWith([plainTrace('older', 1000), shopTrace(), plainTrace('newer', 1_900_000_000_000)]);
    await withPage(html, {}, async (page) => {
      const names = page.locator('.trace-row .name');
      await names.first().waitFor();
      expect(await names.allTextContents()).toEqual(['newer', 'POST /checkoutnot complete', 'older']);
      await page.keyboard.press('/');
      await page.keyboard.type('check');
      await expect.poll(() => names.count()).toBe(1);
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByLabel('failed only').check();
      expect(await names.count()).toBe(1);
      await page.getByLabel('failed only').uncheck();
      await page.locator('.trace-row').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('.chart-canvas').waitFor();
      expect(await page.locator('.trace-name').textContent()).toBe('POST /checkout');
      await page.keyboard.press(']');
      await expect.poll(() => page.locator('.trace-name').textContent()).toBe('older');
      await page.keyboard.press('Backspace');
      await page.locator('.trace-table').waitFor();
    });
  });

  it('of which the data is damaged says so and shows the rest of the page', async () => {
    const html = shop.replace(/(id="captureflow-data">)[^<]{40}/, '$1');
    await withPage(html, {}, async (page) => {
      expect(await page.locator('.problem').textContent()).toContain('could not be read');
      expect(await page.locator('.nothing').textContent()).toContain('Drop a .cft file');
    });
  });
});

describe('the flame chart', () => {
  it('selects by mouse, and the details say all that is known of the span', async () => {
    await withPage(shop, {}, async (page) => {
      await page.locator('.chart-canvas').click({ position: { x: 20, y: 8 } });
      const text = await details(page, 'checkout');
      expect(text).toContain('PaymentError: card declined');
      expect(text).toContain('caused by');
      expect(text).toContain('TimeoutError: no answer in 5 s');
      expect(text).toContain('passed an error on');
      expect(text).toContain('redacted');
      expect(text).toContain('cut: 3 of 9,000 characters');
      expect(text).toContain('cut: 4 more keys');
      expect(text).toContain('from the mobile app');
      expect(text).toContain('12 ×');
      expect(text).toContain('Waited 1 time');
      await page.getByRole('button', { name: 'Open cart' }).click();
      expect(await page.locator('.value-children').textContent()).toContain('total12n');
    });
  });

  it('is used by keyboard alone: in, neighbour, out, zoom, all, none', async () => {
    await withPage(shop, {}, async (page) => {
      await page.locator('.chart-scroll').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      expect(await details(page, 'loadCart')).toContain('rows');
      await page.keyboard.press('ArrowRight');
      expect(await details(page, 'pay')).toContain('threw');
      expect(await page.locator('#chart-now').textContent()).toBe('pay, 40 ms, threw');
      await page.keyboard.press('Enter');
      await expect.poll(() => new URL(page.url()).hash).toMatch(/span=3&from=48&to=92/);
      await page.keyboard.press('0');
      await expect.poll(() => new URL(page.url()).hash).not.toContain('from=');
      await page.keyboard.press('ArrowUp');
      await details(page, 'checkout');
      await page.keyboard.press('Escape');
      await page.locator('.details h2', { hasText: 'POST /checkout' }).waitFor();
    });
  });

  it('zooms with the wheel, pans by dragging, and its overview chooses a range', async () => {
    await withPage(shop, {}, async (page) => {
      const box = await page.locator('.chart-canvas').boundingBox();
      const range = (): string => /from=[^&]*&to=[^&]*/.exec(page.url())?.[0] ?? '';
      await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 100);
      await page.mouse.wheel(0, -300);
      await expect.poll(range).not.toBe('');
      const zoomed = range();
      await page.mouse.down();
      await page.mouse.move((box?.x ?? 0) + 250, (box?.y ?? 0) + 100, { steps: 4 });
      await page.mouse.up();
      await expect.poll(range).not.toBe(zoomed);
      const overview = await page.locator('.chart-minimap').boundingBox();
      await page.keyboard.press('0');
      await expect.poll(range).toBe('');
      await page.mouse.move((overview?.x ?? 0) + 100, (overview?.y ?? 0) + 20);
      await page.mouse.down();
      await page.mouse.move((overview?.x ?? 0) + 200, (overview?.y ?? 0) + 20, { steps: 4 });
      await page.mouse.up();
      await expect.poll(range).not.toBe('');
    });
  });

  it('says what is under the mouse', async () => {
    await withPage(shop, {}, async (page) => {
      await page.locator('.chart-canvas').hover({ position: { x: 60, y: 28 } });
      const tooltip = page.locator('.tooltip');
      await tooltip.waitFor();
      expect(await tooltip.textContent()).toContain('loadCart');
      await expect.poll(() => tooltip.textContent()).toContain('→ 42');
    });
  });

  it('draws in the colours of both themes, and the switch changes them', async () => {
    await withPage(shop, { colorScheme: 'dark' }, async (page) => {
      await page.locator('.chart-canvas[data-painted]').waitFor();
      const corner = async (): Promise<readonly number[]> => (await chartPicture(page)).corner;
      await expect.poll(corner).toEqual([22, 24, 28]);
      await page.getByRole('button', { name: 'Auto (dark)' }).click();
      await expect.poll(corner).toEqual([255, 255, 255]);
    });
  });

  it('is the same picture where no worker can paint: without such canvases, with workers refused, with workers that end at once', async () => {
    const pictureOf = async (prepare: string, isRefused: boolean): Promise<string> => {
      const html = isRefused ? shop.replace('worker-src blob:', "worker-src 'none'") : shop;
      const opened = await openPage(browser, html, {});
      await opened.page.addInitScript(prepare);
      await opened.page.reload();
      await opened.page.locator('.chart-canvas[data-painted]').waitFor();
      // Followed by what is told later: the range.
      await opened.page.keyboard.press('w');
      await expect.poll(() => opened.page.url()).toContain('from=');
      const { url, hexes } = await chartPicture(opened.page);
      expect(hexes.length).toBeGreaterThan(10);
      const isOfWorker = await opened.page.evaluate(
        `(() => { try { return document.querySelector('.chart-canvas').getContext('2d') === null; } catch { return true; } })()`,
      );
      expect(isOfWorker).toBe(prepare === '' && !isRefused);
      await opened.close();
      return url;
    };
    const inWorker = await pictureOf('', false);
    expect(await pictureOf('delete HTMLCanvasElement.prototype.transferControlToOffscreen', false)).toEqual(inWorker);
    expect(await pictureOf('', true)).toEqual(inWorker);
    expect(await pictureOf(`Worker = class { constructor() { throw new Error('no workers here'); } }`, false)).toEqual(inWorker);
  });

  it('marks what a search finds and the selected call, and takes the marks away again', async () => {
    await withPage(shop, {}, async (page) => {
      await page.locator('.chart-canvas[data-painted]').waitFor();
      const picture = async (): Promise<string> => (await chartPicture(page)).url;
      const bare = await picture();
      await page.keyboard.press('/');
      await page.keyboard.type('loadCart');
      await expect.poll(picture).not.toBe(bare);
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');
      await expect.poll(picture).toBe(bare);
      await page.keyboard.press('Escape');
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => page.url()).toContain('span=');
      await expect.poll(picture).not.toBe(bare);
    });
  });

  it('paints again when its view comes back, and when the window gets another size', async () => {
    await withPage(shop, {}, async (page) => {
      const isPainted = async (): Promise<boolean> => (await chartPicture(page)).hexes.length > 10;
      await page.locator('.chart-canvas[data-painted]').waitFor();
      await page.getByRole('tab', { name: 'Call tree' }).click();
      await expect.poll(() => page.locator('.chart-canvas').count()).toBe(0);
      await page.getByRole('tab', { name: 'Flame chart' }).click();
      await page.locator('.chart-canvas[data-painted]').waitFor();
      await expect.poll(isPainted).toBe(true);
      await page.setViewportSize({ width: 700, height: 500 });
      const width = `document.querySelector('.chart-canvas').width === document.querySelector('.chart-scroll').clientWidth`;
      await expect.poll(() => page.evaluate(width)).toBe(true);
      await expect.poll(isPainted).toBe(true);
    });
  });
});

describe('the address', () => {
  it('shows the same again: trace, span, range and view', async () => {
    await withPage(shop, { hash: '#trace=t1&view=chart&span=3&from=40&to=95' }, async (page) => {
      await details(page, 'pay');
      await expect.poll(() => new URL(page.url()).hash).toBe('#trace=t1&view=chart&span=3&from=40&to=95');
    });
  });

  it('that makes no sense shows what there is', async () => {
    await withPage(shop, { hash: '#trace=t1&view=nonsense&span=999&from=x&to=-5' }, async (page) => {
      await page.locator('.chart-canvas').waitFor();
      expect(await page.locator('.details h2').textContent()).toBe('POST /checkout');
    });
  });
});

describe('a page of the collector', () => {
  it('lists and opens traces with the token of its address, which then is no longer in it', async () => {
    const trace = shopTrace();
    const parts = writeViewFile(trace);
    const tokens = new Set<string | undefined>();
    const answer = (path: string, token: string | undefined): string | Uint8Array | undefined => {
      if (path.startsWith('/api/')) tokens.add(token);
      if (path.startsWith('/api/traces?')) return JSON.stringify({ traces: [{ ...summarize(trace), id: 'one' }] });
      if (path === '/api/traces/one/head') return parts.head;
      return path === '/api/traces/one/blocks/0' ? parts.block(0) : undefined;
    };
    const opened = await openPage(browser, await pageText(), { answer, hash: '#token=secret-1' });
    await opened.page.locator('.trace-row').waitFor();
    await opened.page.reload();
    await opened.page.locator('.trace-row').click();
    await opened.page.locator('.chart-scroll:focus').waitFor();
    await opened.page.keyboard.press('ArrowDown');
    await details(opened.page, 'checkout');
    expect(tokens).toEqual(new Set(['Bearer secret-1']));
    expect(opened.page.url()).not.toContain('secret-1');
    await opened.close();
  });

  it('that refuses the page is said with what to do', async () => {
    const opened = await openPage(browser, await pageText());
    await opened.page.route('**/api/**', (route) => route.fulfill({ status: 401, body: '{}' }));
    await opened.page.reload();
    await expect.poll(() => opened.page.locator('.problem').first().textContent()).toContain('it holds the token');
    await opened.close();
  });
});

describe('a file', () => {
  function segmentFile(): Uint8Array {
    const chunk = { ops: Int32Array.from([Op.TIME, Op.ENTER, Op.TIME, Op.EXIT_AT, 1]), nums: Float64Array.from([100, 130]), refs: [] };
    const bytes = encodeSegment({
      header: {
        v: WIRE_VERSION,
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanBase: '00f067aa0ba902b7',
        part: 0,
        root: { kind: 'script', name: 'dropped.js', attributes: {} },
        timeOrigin: 1_700_000_000_000,
        start: 100,
        end: 140,
        process: { pid: 7, threadId: 0, service: 'svc', runtime: 'node v20' },
        dropped: {},
        functions: [{ id: 0, module: 'src/a.ts', record: ['main', 1, 1, 3, [], [], [], [], 9] }],
      },
      chunks: [{ ...chunk, opsLength: 5, numsLength: 2, refsLength: 0 }],
    });
    return Buffer.concat([fileHeader(), frameSegment(bytes)]);
  }

  it('of the recorder is opened when it is chosen, and when it is dropped', async () => {
    const text = await pageText();
    for (const way of ['choose', 'drop'] as const) {
      const opened = await openPage(browser, text, { answer: () => '{"traces":[]}' });
      const { page } = opened;
      await page.locator('.nothing').first().waitFor();
      const bytes = Buffer.from(segmentFile());
      if (way === 'choose') await page.locator('.file-input').setInputFiles({ name: 'a.cft', mimeType: '', buffer: bytes });
      else {
        await page.evaluate(`(() => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(atob('${bytes.toString('base64')}'), (c) => c.charCodeAt(0))], 'a.cft'));
          document.querySelector('.page').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
        })()`);
      }
      await expect.poll(() => page.locator('.trace-name').textContent(), { message: way }).toBe('dropped.js');
      await page.locator('.chart-scroll:focus').waitFor();
      await page.keyboard.press('ArrowDown');
      await details(page, 'main');
      await opened.close();
    }
  });

  it('in a folder that is dropped is opened, with the sources beside it; what else is in the folder is left alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'captureflow-drop-'));
    try {
      for (const inside of ['src', 'node_modules/src']) await mkdir(join(folder, inside), { recursive: true });
      await writeFile(join(folder, 'a.cft'), segmentFile());
      await writeFile(join(folder, 'src/a.ts'), 'export const main = () => "the source of the program";\n');
      await writeFile(join(folder, 'node_modules/src/a.ts'), 'export const other = 1;\n');
      await writeFile(join(folder, 'package.json'), '{"name":"no trace"}');
      await withPage(await pageText(), { answer: () => '{"traces":[]}' }, async (page) => {
        await page.locator('.nothing').first().waitFor();
        const session = await page.context().newCDPSession(page);
        for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
          await session.send('Input.dispatchDragEvent', {
            type,
            x: 200,
            y: 200,
            data: { items: [], files: [folder], dragOperationsMask: 1 },
          });
        }
        await page.locator('.chart-scroll:focus').waitFor();
        expect(await page.locator('.trace-name').textContent()).toBe('dropped.js');
        await page.keyboard.press('ArrowDown');
        await details(page, 'main');
        await page.getByRole('tab', { name: 'Source' }).click();
        await expect.poll(() => page.locator('.source-view').textContent()).toContain('the source of the program');
        expect(await page.locator('.problem').count()).toBe(0);
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('that is opened while the page still asks other tabs for a token stays open, with what was selected in it', async () => {
    const { page, close } = await openPage(browser, await pageText(), { answer: () => '{"traces":[]}' });
    // The one timer of the page's start goes off when the test says so.
    await page.addInitScript(
      `(() => {
      const original = window.setTimeout;
      window.setTimeout = (work, ms, ...rest) => {
        if (ms !== ANSWER_MS || window.endOfAsking !== undefined) return original(work, ms, ...rest);
        window.endOfAsking = work;
        return 0;
      };
    })()`.replace('ANSWER_MS', String(ANSWER_MS)),
    );
    await page.reload();
    await expect.poll(() => page.evaluate('typeof window.endOfAsking')).toBe('function');
    await page.locator('.file-input').setInputFiles({ name: 'a.cft', mimeType: '', buffer: Buffer.from(segmentFile()) });
    await page.locator('.chart-scroll:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await details(page, 'main');
    await page.evaluate('window.endOfAsking()');
    // The page has started when its address follows what is shown.
    await expect.poll(() => page.evaluate('location.hash')).toContain('span=1');
    await details(page, 'main');
    await close();
  });

  it('that is cut shows what could be read and where it breaks; a foreign one is named', async () => {
    await withPage(shop, {}, async (page) => {
      await page.locator('.chart-canvas').waitFor();
      const whole = Buffer.from(segmentFile());
      await page.locator('.file-input').setInputFiles([
        { name: 'cut.cft', mimeType: '', buffer: Buffer.concat([whole, whole.subarray(8, 60)]) },
        { name: 'photo.cft', mimeType: '', buffer: gzipSync('no trace') },
      ]);
      await expect.poll(() => page.locator('.problem').count()).toBe(2);
      const texts = await page.locator('.problem-text').allTextContents();
      expect(texts[0]).toMatch(/^cut\.cft breaks off: .*TRUNCATED at byte \d+.*bytes are shown/);
      expect(texts[1]).toMatch(/^photo\.cft could not be read: this is not a CaptureFlow trace file/);
      await expect.poll(() => page.locator('.trace-name').textContent()).toBe('dropped.js');
    });
  });
});
