/** Finds the traces (in the page, or at the collector that served it) and shows what the address names. */
import { applyAddress, followState, readAddress, takeToken } from './address.ts';
import { findRemote, followCollector } from './collector.ts';
import { followLive } from './live-tail.ts';
import { readPageTraces } from './page-traces.ts';
import { comparedTrace, openTrace, reportProblem } from './state.ts';
import { closeTrace, compareListed, filters, localTraces, openListed } from './trace-list.ts';
import type { ListedTrace } from './trace-list.ts';

export async function start(): Promise<void> {
  const inPage = await readPageTraces().catch((error: unknown) => {
    reportProblem(`The traces in this page could not be read: ${(error as Error).message}`);
    return [];
  });
  if (inPage === undefined) await takeToken();
  const address = readAddress(location.hash);
  filters.value = address.filters;
  if (inPage !== undefined) localTraces.value = inPage;
  else if (location.protocol !== 'file:') {
    followCollector();
    followLive();
  }
  // Who opened a file while the token was looked for sees that one.
  if (openTrace.value === undefined) await showAddress();
  // One trace in the page needs no list.
  const [only, another] = inPage ?? [];
  if (openTrace.value === undefined && address.trace === undefined && only !== undefined && another === undefined) {
    await openListed(only);
    applyAddress({ ...address, filters: filters.value });
  }
  followState();
  addEventListener('popstate', () => void showAddress());
}

async function showAddress(): Promise<void> {
  const address = readAddress(location.hash);
  if (address.trace === undefined) closeTrace();
  else if (address.trace !== openTrace.value?.summary.id) {
    const trace = await find(address.trace);
    if (trace === undefined) reportProblem('The trace that the address names is not here any more.');
    else await openListed(trace);
  }
  // Before the rest is shown: otherwise the address would be written anew without it.
  if (address.compared !== undefined && address.compared !== comparedTrace.value?.summary.id) {
    const compared = await find(address.compared);
    if (compared === undefined) reportProblem('The trace that the address compares with is not here any more.');
    else await compareListed(compared);
  }
  applyAddress(address);
}

async function find(id: string): Promise<ListedTrace | undefined> {
  const local = localTraces.value.find(({ summary }) => summary.id === id);
  if (local !== undefined || location.protocol === 'file:') return local;
  try {
    return await findRemote(id);
  } catch {
    return undefined;
  }
}
