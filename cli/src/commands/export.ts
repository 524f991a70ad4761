/** The command line of `captureflow export`: traces in the formats of other tools. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type ExportFormat, type ExportOptions, exportFormats, summarize, type Trace } from '@captureflow/trace';
import { type Command, Option } from 'commander';
import { readModuleSource } from '../collector/module-source.ts';
import { readPageFile } from '../collector/page-file.ts';
import { pageWithTraces } from '../collector/page-with-traces.ts';
import { InputError } from '../input-error.ts';
import type { Surroundings } from '../main.ts';
import { addSelectOptions, openTraces, positive, type SelectFlags, selectTraces } from '../traces/select-traces.ts';
import { endHelp } from './help-end.ts';

interface Flags extends SelectFlags {
  readonly to: string;
  readonly out?: string;
  readonly root: string;
  readonly maxFunctions?: number;
}

/** A write for each piece would be a system call a span. */
const CHUNK = 64 * 1024;

export function addExportCommand(program: Command, surroundings: Surroundings): void {
  const names = [...exportFormats.map(({ name }) => name), 'html'];
  const lines = exportFormats.map(({ name, title, many }) => `  ${name.padEnd(11)} ${title}${many ? '' : ' (one trace a file)'}`);
  const command = program
    .command('export')
    .summary('traces in the formats of other tools, or as a page that opens without us')
    .description(
      `Writes traces in another format:\n${lines.join('\n')}\n  html        the page with the traces inside, which opens from a disk\nWhat each cannot carry stands in docs/formats.md.`,
    )
    .argument('[paths...]', 'files and folders with traces (default: .captureflow)')
    .addOption(new Option('--to <format>', 'the format').choices(names).makeOptionMandatory())
    .option('-o, --out <file>', 'where to write; a folder for formats of one trace a file (default: standard output)');
  addSelectOptions(command)
    .option('--root <folder>', "folder that the traces' module paths start from, for source text", '.')
    .option('--max-functions <number>', 'functions that a call graph may show', positive)
    .action((paths: readonly string[], flags: Flags) => run(paths, flags, surroundings));
  endHelp(command, {
    examples: ['export --to chrome -o trace.json', 'export --to html --last 1 -o trace.html', 'export traces/ --to captureflow -o folder'],
    exitCodes: '0 done, 1 nothing could be read or written, 2 wrong use',
  });
}

function run(paths: readonly string[], flags: Flags, surroundings: Surroundings): void {
  const { cwd, printError } = surroundings;
  const { traces } = openTraces(paths, surroundings);
  const root = resolve(cwd, flags.root);
  const selected = selectTraces(traces, flags);
  const options: ExportOptions = {
    sourceText: (module) => readModuleSource(root, module),
    ...(flags.maxFunctions === undefined ? {} : { maxFunctions: flags.maxFunctions }),
  };
  const format = exportFormats.find(({ name }) => name === flags.to);
  if (format === undefined) write([pageOf([...selected], root)], flags.out, surroundings);
  else if (format.many) write(format.write(selected, options), flags.out, surroundings);
  else writeEach(format, selected, flags.out, options, surroundings);
  if (flags.out !== undefined) printError(`captureflow: wrote ${flags.out}\n`);
}

function pageOf(traces: readonly Trace[], root: string): string {
  const page = readPageFile();
  if (page === undefined) throw new InputError('this installation lacks the page (viewer.html): install the package again', 1);
  return pageWithTraces(
    page.html,
    traces.map((trace, index) => ({ trace, summary: { id: String(index + 1), ...summarize(trace) } })),
    root,
  );
}

function writeEach(
  format: ExportFormat,
  traces: Iterable<Trace>,
  out: string | undefined,
  options: ExportOptions,
  surroundings: Surroundings,
): void {
  const all = [...traces];
  if (all.length === 1) return write(format.write(all, options), out, surroundings);
  if (out === undefined) {
    throw new InputError(
      `${format.name} holds one trace a file, and these are ${all.length}: say a folder with -o, or which one with --trace or --last 1`,
      2,
    );
  }
  all.forEach((trace, index) => {
    write(format.write([trace], options), join(out, `trace_${trace.traceId}_${index + 1}${format.extension}`), surroundings);
  });
}

/** A file that could not be written whole is removed: half a trace must not pass for one. */
function write(pieces: Iterable<string>, out: string | undefined, { cwd, print }: Surroundings): void {
  if (out === undefined) return writePieces(pieces, print);
  const path = resolve(cwd, out);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  let done = false;
  try {
    writePieces(pieces, (text) => {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    });
    done = true;
  } finally {
    closeSync(file);
    if (!done) rmSync(path, { force: true });
  }
}

function writePieces(pieces: Iterable<string>, take: (text: string) => void): void {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    take(chunk);
    chunk = '';
  }
  if (chunk !== '') take(chunk);
}
