/** Who buys, and what loyalty is worth. */

export type Tier = 'new' | 'regular' | 'gold';

export interface Customer {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly tier: Tier;
  readonly points: number;
}

/** Percent off for each tier. */
export const TIER_DISCOUNT: Readonly<Record<Tier, number>> = { new: 0, regular: 3, gold: 8 };
