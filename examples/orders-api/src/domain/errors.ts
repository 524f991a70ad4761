/** The ways in which the shop says no. `http/error-handler.ts` decides what a client sees of each. */

export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  readonly what: string;
  constructor(what: string) {
    super(`${what} not found`);
    this.what = what;
  }
}

export class OutOfStockError extends Error {
  override readonly name = 'OutOfStockError';
  readonly sku: string;
  readonly missing: number;
  constructor(sku: string, missing: number) {
    super(`${sku} is short by ${missing}`);
    this.sku = sku;
    this.missing = missing;
  }
}

/** The customer's bank said no. */
export class CardDeclinedError extends Error {
  override readonly name = 'CardDeclinedError';
  readonly reason: string;
  constructor(reason: string) {
    super(`card declined: ${reason}`);
    this.reason = reason;
  }
}

/** The bank could not answer. */
export class AcquirerError extends Error {
  override readonly name = 'AcquirerError';
  readonly network: string;
  readonly code: string;
  constructor(network: string, code: string, meaning: string) {
    super(`${network} answered ${code}: ${meaning}`);
    this.network = network;
    this.code = code;
  }
}

/** An order broke for a reason that is not the customer's; `cause` has it. */
export class OrderFailedError extends Error {
  override readonly name = 'OrderFailedError';
  readonly orderId: number;
  constructor(orderId: number, cause: unknown) {
    super(`order ${orderId} could not be completed`, { cause });
    this.orderId = orderId;
  }
}
