/** The value below which `share` (0 to 1) of `values` lie, interpolated. */
export declare function quantile(values: readonly number[], share: number): number;
export declare function median(values: readonly number[]): number;
export declare function interval(values: readonly number[], rounds?: number): [low: number, high: number];
