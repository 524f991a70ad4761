export interface RunningShop {
  readonly address: string;
  readonly pid: number;
  stop(): Promise<number | null>;
}
export declare function startShop(main: string, folder: string): Promise<RunningShop>;
