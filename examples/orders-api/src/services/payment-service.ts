/** Takes the money for an order. */
import { AcquirerError, CardDeclinedError } from '../domain/errors.ts';
import type { Order, PaymentMethod } from '../domain/order.ts';
import type { Cents } from '../domain/money.ts';
import { type AcquirerAnswer, askAcquirer } from './acquirer.ts';

const DECLINES: Readonly<Record<string, string>> = { '51': 'insufficient funds', '54': 'expired card' };

export class PaymentService {
  /**
   * Charges the order's total and returns the bank's receipt.
   * @throws CardDeclinedError
   * @throws AcquirerError when the bank cannot answer, after a second attempt
   */
  async charge(order: Order, payment: PaymentMethod): Promise<string> {
    const amount = order.quote.total;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#authorize(payment, amount);
      } catch (error) {
        const retry = error instanceof AcquirerError && attempt < 2;
        if (!retry) throw error;
      }
    }
  }

  async #authorize(payment: PaymentMethod, amount: Cents): Promise<string> {
    const { network, cardToken } = payment;
    const answer = await askAcquirer(network, cardToken, amount);
    return readReceipt(network, answer);
  }
}

function readReceipt(network: string, answer: AcquirerAnswer): string {
  const { code, reference } = answer;
  if (code === '00') return reference;
  const decline = DECLINES[code];
  if (decline !== undefined) throw new CardDeclinedError(decline);
  const meaning = code === '96' ? 'system malfunction' : 'unknown answer';
  throw new AcquirerError(network, code, meaning);
}
