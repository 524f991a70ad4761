export function bundleCommand(folder: string, names?: readonly string[]): Promise<void>;
