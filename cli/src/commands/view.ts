/** The command line of `captureflow view`: the page on files. */
import type { Command } from 'commander';
import type { ShownFiles } from '../collector/intake.ts';
import { startCollector } from '../collector/start-collector.ts';
import type { Surroundings } from '../main.ts';
import { TRACE_FOLDER } from '../read-traces.ts';
import { counted } from '../traces/counted.ts';
import { describeProblems } from '../traces/describe-problems.ts';
import { addServerOptions, runServer, serverOptionsOf } from './server-options.ts';
import type { ServerFlags } from './server-options.ts';
import { endHelp } from './help-end.ts';

export function addViewCommand(program: Command, surroundings: Surroundings): void {
  const command = program
    .command('view')
    .summary('show traces of files in a page')
    .description(
      "Opens the page on files and folders: our own (*.cft), CaptureFlow's JSON, OTLP JSON and our plain JSON (*.json, *.jsonl). Folders and files are watched: what is added shows up. Runs until it is stopped (Ctrl-C).",
    )
    .argument('[paths...]', 'files and folders with traces (default: .captureflow)');
  endHelp(command, {
    examples: ['view', 'view trace.json', 'view before/ after/ --port 8080'],
    exitCodes: '0 it was stopped, 1 it could not start or go on, 2 wrong use',
  });
  addServerOptions(command, '4329').action(async (paths: readonly string[], flags: ServerFlags) => {
    const { cwd, print, printError } = surroundings;
    const shown = paths.length === 0 ? [TRACE_FOLDER] : paths;
    const say = sayer(print, printError);
    await runServer(surroundings, flags, (onFailure) =>
      startCollector({
        ...serverOptionsOf(flags, cwd),
        db: ':memory:',
        files: { paths: shown, cwd },
        log: printError,
        onFailure,
        onFiles: say,
      }),
    );
  });
}

/** Problems are printed once each; the count when everything that is there was read, not with each trace that comes later. */
function sayer(print: Surroundings['print'], printError: Surroundings['printError']): (news: ShownFiles) => void {
  const said = new Set<string>();
  let summed = false;
  return ({ files, found, reading, problems }) => {
    if (reading) return;
    for (const line of describeProblems(problems)) {
      if (!said.has(line)) printError(`captureflow: ${line}\n`);
      said.add(line);
    }
    if (!summed) print(`${counted(found, 'trace')} in ${counted(files, 'file')}; what is added later shows up in the page\n`);
    summed = true;
  };
}
