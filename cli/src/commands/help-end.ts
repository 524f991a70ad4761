/** How the help of every command ends: examples that can be typed as they stand, and what its exit code says. */
import type { Command } from 'commander';

export function endHelp(
  command: Command,
  { examples, exitCodes }: { readonly examples: readonly string[]; readonly exitCodes: string },
): void {
  command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  captureflow ${line}\n`).join('')}\nExit codes: ${exitCodes}`);
}
