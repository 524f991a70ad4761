/** The page in Chromium with large traces of a collector, for the measurements beside it. */
import { summarize } from '@captureflow/trace';
import { writeViewFile } from '@captureflow/trace/view-file';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { busyTrace } from '../test/made-traces.ts';
import { openPage, pageText } from '../test/page-driver.ts';
import type { OpenPage } from '../test/page-driver.ts';

/** A list of one trace for each number of spans. */
export async function openLargePage(browser: Browser, counts: readonly number[]): Promise<OpenPage> {
  const traces = counts.map((count, index) => {
    const trace = busyTrace(count);
    return { parts: writeViewFile(trace), summary: { ...summarize(trace), id: `large-${index}` } };
  });
  const opened = await openPage(browser, await pageText(), {
    viewport: { width: 1600, height: 900 },
    answer: (path) => {
      if (path.startsWith('/api/traces?')) return JSON.stringify({ traces: traces.map(({ summary }) => summary) });
      const [, number = '', part, block] = /^\/api\/traces\/large-(\d+)\/(head|blocks\/(\d+))$/.exec(path) ?? [];
      const parts = traces[Number(number)]?.parts;
      return part === undefined ? undefined : part === 'head' ? parts?.head : parts?.block(Number(block));
    },
  });
  await opened.page.locator('.trace-row').first().waitFor();
  return opened;
}

/** What the page and its workers hold after a collection, whole MB: JavaScript's heap and array buffers. */
export class PageMemory {
  private readonly cdp: CDPSession;
  private readonly workers = new Set<string>();
  private asked = 0;

  static async of(page: Page): Promise<PageMemory> {
    const memory = new PageMemory(await page.context().newCDPSession(page));
    await memory.cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return memory;
  }

  private constructor(cdp: CDPSession) {
    this.cdp = cdp;
    cdp.on('Target.attachedToTarget', ({ sessionId }) => this.workers.add(sessionId));
    cdp.on('Target.detachedFromTarget', ({ sessionId }) => this.workers.delete(sessionId));
  }

  async now(): Promise<{ readonly page: number; readonly workers: number }> {
    await this.cdp.send('HeapProfiler.collectGarbage');
    const page = megabytes(await this.cdp.send('Runtime.getHeapUsage'));
    let workers = 0;
    for (const session of this.workers) {
      await this.ask(session, 'HeapProfiler.collectGarbage');
      workers += megabytes(await this.ask(session, 'Runtime.getHeapUsage'));
    }
    return { page, workers };
  }

  private async ask(sessionId: string, method: string): Promise<object> {
    const id = ++this.asked;
    const answer = new Promise<object>((resolve) => {
      const hear = (event: { sessionId: string; message: string }): void => {
        const message = JSON.parse(event.message) as { id?: number; result?: object };
        if (event.sessionId !== sessionId || message.id !== id) return;
        this.cdp.off('Target.receivedMessageFromTarget', hear);
        resolve(message.result ?? {});
      };
      this.cdp.on('Target.receivedMessageFromTarget', hear);
    });
    await this.cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    return answer;
  }
}

function megabytes(usage: { usedSize?: number; backingStorageSize?: number }): number {
  return Math.round(((usage.usedSize ?? 0) + (usage.backingStorageSize ?? 0)) / 1e6);
}
