/**
 * `npm run docs:screenshots`: the pictures of the guide, of the built page in a real Chromium (CHROMIUM names another than Debian's). The traces are those of
 * the orders-api demo, and of a small program recorded line by line. Needs a build. Look at the pictures before you commit them.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromiumOptions } from './chromium-options.mjs';
import { ROOT, run } from './run.mjs';

/** A page of the guide with five pictures is to stay light. */
const MOST_BYTES = 100_000;
const SHOP = join(ROOT, 'examples/orders-api');
const COMMAND = join(ROOT, 'cli/dist/captureflow.js');

/** Sums a receipt, and stumbles over its third line. */
const PROGRAM = `const prices = { tea: 4.5, cake: 3.2 };

function priceOf(item, count) {
  const price = prices[item];
  if (price === undefined) throw new Error(\`no price for \${item}\`);
  return price * count;
}

function receipt(items) {
  let total = 0;
  const missing = [];
  for (const [item, count] of items) {
    try {
      total += priceOf(item, count);
    } catch {
      missing.push(item);
    }
  }
  return { total, missing };
}

receipt([['tea', 2], ['cake', 1], ['juice', 3], ['tea', 1]]);
`;

// Inside the example, where the runtime resolves; the folder is ignored by git.
const base = join(SHOP, '.captureflow');
mkdirSync(base, { recursive: true });
const work = mkdtempSync(join(base, 'pictures-'));
try {
  await must('npm', ['run', '--silent', 'demo', '-w', 'examples/orders-api'], ROOT);
  const shop = await pageOf(newestTrace(base), join(work, 'shop.html'), SHOP);
  writeFileSync(join(work, 'receipt.mjs'), PROGRAM);
  await must(process.execPath, [COMMAND, 'run', '--level', 'lines', '--', 'node', 'receipt.mjs'], work);
  const lines = await pageOf(newestTrace(join(work, '.captureflow')), join(work, 'lines.html'), work);
  await takePictures(shop, lines);
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function takePictures(shop, lines) {
  const { chromium } = createRequire(join(ROOT, 'viewer/package.json'))('playwright-core');
  // Letters in grey have few colours: the pictures are half as large.
  const options = chromiumOptions();
  const browser = await chromium.launch({ ...options, args: [...options.args, '--disable-lcd-text'] });
  try {
    const context = await browser.newContext({
      viewport: { width: 1040, height: 520 },
      colorScheme: 'light',
      timezoneId: 'UTC',
      locale: 'en',
    });
    const page = await context.newPage();
    const open = async (url, row) => {
      await page.goto('about:blank');
      await page.goto(url);
      await page.locator(`.trace-row${row}`).first().waitFor();
      return page.locator(`.trace-row${row}`).first();
    };
    const view = async (title) => {
      await page.getByRole('tab', { name: title, exact: true }).click();
      await page.mouse.move(0, 0);
    };

    await open(shop, '');
    await picture(page, 'list', 330);

    // The one that failed.
    await (await open(shop, ':has(.status-5)')).click();
    await page.locator('.chart-canvas[data-painted]').waitFor();
    await page
      .getByRole('textbox', { name: 'Search' })
      .or(page.getByRole('searchbox', { name: 'Search' }))
      .fill('readReceipt is:error');
    await page.getByRole('button', { name: 'Next match' }).click();
    await page.locator('.details-section', { hasText: 'Exception' }).waitFor();
    await page.locator('.search-box').fill('');
    await picture(page, 'chart');

    await (await open(shop, ':has-text("/reports/sales")')).click();
    await page.locator('.chart-canvas[data-painted]').waitFor();
    await view('Functions');
    await page.locator('.function-row', { hasText: 'toReportLine' }).click();
    await picture(page, 'functions');

    await page.goto('about:blank');
    await page.goto(`${lines}#view=tree`);
    await page.locator('.tree-row', { hasText: 'receipt' }).first().waitFor();
    await page.locator('.tree-row', { hasText: 'receipt(' }).first().click();
    await view('Source');
    await page.locator('.step-bar').waitFor();
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Step back' }).click();
    await picture(page, 'source');
  } finally {
    await browser.close();
  }
}

async function picture(page, name, height = 520) {
  const path = join(ROOT, 'docs/images', `${name}.png`);
  await page.waitForTimeout(400);
  await page.evaluate('document.activeElement.blur()');
  await page.screenshot({ path, clip: { x: 0, y: 0, width: 1040, height } });
  const { size } = statSync(path);
  console.log(`docs/images/${name}.png ${Math.round(size / 1000)} KB`);
  if (size > MOST_BYTES) throw new Error(`docs/images/${name}.png has ${size} bytes, more than ${MOST_BYTES}: make the picture smaller`);
}

/** Writes the page with the traces of `file` inside; returns its URL. */
async function pageOf(file, out, root) {
  await must(process.execPath, [COMMAND, 'export', '--to', 'html', '-o', out, '--root', root, file], root);
  return pathToFileURL(out).href;
}

function newestTrace(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cft'));
  const newest = files.sort((a, b) => statSync(join(folder, b)).mtimeMs - statSync(join(folder, a)).mtimeMs)[0];
  if (newest === undefined) throw new Error(`no trace file in ${folder}`);
  return join(folder, newest);
}

async function must(command, args, cwd) {
  const { code, output } = await run(command, args, { cwd, capture: true });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
}
