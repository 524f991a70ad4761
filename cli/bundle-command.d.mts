export function bundleCommand(folder: string, names?: readonly string[]): Promise<void>;

/** The command and its threads. */
export declare const COMMAND: readonly string[];
