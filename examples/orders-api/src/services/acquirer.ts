/** The banks' card networks, as a test double that answers like the real ones: late, and by code. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cents } from '../domain/money.ts';

export interface AcquirerAnswer {
  /** '00' approved, '51' no funds, '54' expired, '96' system malfunction. */
  readonly code: string;
  readonly reference: string;
}

/** Asks the network `network` to take `amount` from a card. */
export async function askAcquirer(network: string, cardToken: string, amount: Cents): Promise<AcquirerAnswer> {
  const latency = network === 'nordbank' ? 12 : 6;
  await sleep(latency);
  const code = network === 'nordbank' ? '96' : cardToken.endsWith('-empty') ? '51' : '00';
  return { code, reference: `${network}-${amount}` };
}
