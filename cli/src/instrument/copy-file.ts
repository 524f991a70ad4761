/** A file as it is, byte by byte, with its permissions. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ListedFile } from './list-files.ts';

export function copyFile({ input, output }: ListedFile): void {
  mkdirSync(dirname(output), { recursive: true });
  copyFileSync(input, output);
}
