/** Reports that are too long to hold: written row by row while the client reads. */
import { formatMoney } from '../domain/money.ts';
import type { OrderRepository, SaleRow } from '../repositories/order-repository.ts';

const PAGE = 100;

export interface ReportLine {
  readonly order: number;
  readonly customer: string;
  readonly pieces: number;
  readonly total: string;
  /** All orders so far, in cents. */
  readonly running: number;
}

export class ReportService {
  readonly #orders: OrderRepository;

  constructor(orders: OrderRepository) {
    this.#orders = orders;
  }

  /** Every paid order with the running sum, in order of the ids. */
  async *sales(): AsyncGenerator<ReportLine> {
    let running = 0;
    for await (const page of this.#pages()) {
      for (const sale of page) {
        running += sale.total;
        yield toReportLine(sale, running);
      }
    }
  }

  async *#pages(): AsyncGenerator<SaleRow[]> {
    let after = 0;
    for (;;) {
      const page = this.#orders.salesAfter(after, PAGE);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      after = last.id;
    }
  }
}

function toReportLine(sale: SaleRow, running: number): ReportLine {
  return { order: sale.id, customer: sale.customer, pieces: sale.pieces, total: formatMoney(sale.total), running };
}

/** One JSON text a line. */
export async function* toNdjson(rows: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}
