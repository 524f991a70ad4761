/** Rejects with a RangeError for an unknown currency. */
export declare function convert(amount: number, from: string, to: string): Promise<number>;
