/** Runs the shop until it is told to stop: `PORT` (default 3000, 0 for any). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'orders-api-'));
const app = createApp({ databaseFile: join(folder, 'shop.db'), pastOrders: 500 });
const address = await app.listen(Number(process.env['PORT'] ?? 3000));
console.log(`listening on ${address}`);

async function shutDown(): Promise<void> {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
process.once('SIGTERM', shutDown);
process.once('SIGINT', shutDown);
