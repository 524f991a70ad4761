/**
 * How long it takes from the start of `captureflow view` to the first paint of its page, and to the list of its traces, in a Chromium that runs already.
 * node --conditions=@captureflow/source viewer/bench/first-paint.ts <folder with traces> [times] (Node 22 and later; after a build of the command)
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../test/page-driver.ts';

const [folder = '.captureflow', times = '9'] = process.argv.slice(2);
const command = fileURLToPath(new URL('../../cli/dist/captureflow.js', import.meta.url));
const browser = await launchChromium();
const rounds: number[][] = [];
for (let round = 0; round < Number(times); round++) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const began = Date.now();
  const view = spawn(process.execPath, [command, 'view', folder, '--no-open', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await addressOf(view.stdout);
  const printed = Date.now() - began;
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('.trace-row').first().waitFor();
  const [painted, answered] = (await page.evaluate(`(() => {
    const { responseEnd } = performance.getEntriesByType('navigation')[0];
    const { startTime } = performance.getEntriesByName('first-contentful-paint')[0];
    return [performance.timeOrigin + startTime, performance.timeOrigin + responseEnd];
  })()`)) as [number, number];
  rounds.push([printed, answered - began, painted - began, Date.now() - began]);
  await context.close();
  view.kill();
  await once(view, 'exit');
}
await browser.close();
for (const [index, what] of ['address printed', 'page answered', 'first paint', 'list shown'].entries()) {
  const sorted = rounds.map((round) => round[index] as number).sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number).toFixed(0);
  console.log(`${what}: median ${at(0.5)} ms, ${at(0)} to ${at(1)}`);
}

/** What the command prints goes on being read: it would end where nobody did. */
function addressOf(output: Readable): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /http:\S+(?=\s)/.exec(said)?.[0];
      if (url !== undefined) resolve(url);
    });
    output.on('end', () => reject(new Error(`captureflow view printed no address, but: ${said}`)));
  });
}
