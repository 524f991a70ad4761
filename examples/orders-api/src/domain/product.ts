/** What the shop sells. */
import type { Cents } from './money.ts';

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly price: Cents;
  /** What the books say is on the shelf. */
  readonly stock: number;
  /** What the last count found on the shelf. */
  readonly counted: number;
}
