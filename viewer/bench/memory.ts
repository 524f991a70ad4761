/**
 * What the page holds after each of its views was used with large traces: JavaScript's heap and array buffers of the page and of its workers, after a
 * collection.
 * node --conditions=@captureflow/source viewer/bench/memory.ts [spans] (Node 22 and later; CHROMIUM names the browser)
 */
import { launchChromium } from '../test/page-driver.ts';
import { openLargePage, PageMemory } from './large-page.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const browser = await launchChromium();
// Of other calls: a comparison with itself would be the smaller one.
const { page, close } = await openLargePage(browser, [count, count - 7]);
const memory = await PageMemory.of(page);
await say('list');
await page.locator('.trace-row').first().click();
await page.locator('.chart-canvas[data-painted]').waitFor();
await say('chart');

await page.keyboard.press('/');
await page.keyboard.type('a-1001');
await finished(page.getByText('% searched'));
await page.keyboard.press('Enter');
await say('search through all values, everything matches');
for (const [title, shown] of [
  ['Call tree', '.tree-row'],
  ['Source', '.source-missing'],
  ['Merged', '.merged-canvas'],
  ['Functions', '.function-row'],
  ['Call graph', '.graph-picture'],
] as const) {
  await page.getByRole('tab', { name: title, exact: true }).click();
  await page.locator(shown).first().waitFor();
  if (title === 'Call tree') await page.getByRole('button', { name: 'Open all' }).click();
  await say(title);
}
await page.getByRole('tab', { name: 'Compare', exact: true }).click();
await page.getByLabel('Before').selectOption({ index: 1 });
await finished(page.getByText('comparing results'));
await say('Compare, functions');
await page.getByRole('tab', { name: 'Aligned tree' }).click();
await page.locator('.diff-row').first().waitFor();
await say('Compare, aligned tree');
await page.getByRole('button', { name: 'Swap' }).click();
await page.locator('.diff-row').first().waitFor();
await say('Compare, swapped');
await page.getByRole('tab', { name: 'Flame chart', exact: true }).click();
await page.locator('.chart-canvas[data-painted]').waitFor();
await say('chart again');
await close();
await browser.close();

async function say(what: string): Promise<void> {
  const { page: own, workers } = await memory.now();
  console.log(`${what}: ${own + workers} MB, ${workers} of them in workers`);
}

/** Waits until what tells of progress has come and gone. */
async function finished(progress: ReturnType<typeof page.locator>): Promise<void> {
  await progress.first().waitFor({ timeout: 30_000 });
  await progress.first().waitFor({ state: 'detached', timeout: 900_000 });
}
