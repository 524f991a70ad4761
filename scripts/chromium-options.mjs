/** How every test and script here starts Chromium. Needs nothing, so that each package brings its own playwright-core. */
import { existsSync } from 'node:fs';

/** Options for `chromium.launch`: Debian's browser, or the one that CHROMIUM names, which asks nobody for anything by itself. Throws where there is none. */
export function chromiumOptions() {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`No Chromium at ${executablePath}: install it, or name it in CHROMIUM.`);
  return {
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
