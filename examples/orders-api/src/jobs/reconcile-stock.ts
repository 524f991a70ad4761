/** Compares the books with the last count of every shelf and corrects the books. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from '../domain/product.ts';
import type { ProductRepository } from '../repositories/product-repository.ts';
import { mapConcurrently } from './map-concurrently.ts';

const SHELVES_AT_ONCE = 3;
const COUNT_MS = 3;

export interface Correction {
  readonly sku: string;
  readonly difference: number;
}

export async function reconcileStock(products: ProductRepository): Promise<Correction[]> {
  const all = products.list('');
  const corrections = await mapConcurrently(all, SHELVES_AT_ONCE, (product) => checkShelf(products, product));
  return corrections.filter((correction) => correction.difference !== 0);
}

async function checkShelf(products: ProductRepository, product: Product): Promise<Correction> {
  const counted = await countShelf(product);
  const difference = counted - product.stock;
  if (difference !== 0) products.correctStock(product.sku, counted);
  return { sku: product.sku, difference };
}

/** Stands for the warehouse's scanners. */
async function countShelf(product: Product): Promise<number> {
  await sleep(COUNT_MS);
  return product.counted;
}
