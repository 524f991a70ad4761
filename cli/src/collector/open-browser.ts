/** Shows an address in the user's browser; where there is none, the address was printed. */
import { spawn } from 'node:child_process';

export function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', '""'] : ['xdg-open'];
  // `cmd` would read an ampersand as its own.
  const child = spawn(command as string, [...args, process.platform === 'win32' ? url.replace(/&/g, '^&') : url], {
    stdio: 'ignore',
    detached: true,
  });
  child.on('error', () => undefined);
  child.unref();
}
