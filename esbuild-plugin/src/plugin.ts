/**
 * The esbuild plugin: instruments what esbuild would load itself, and leaves all else to esbuild (resolving, lowering, errors).
 * TypeScript stays TypeScript, so tsconfig settings still apply.
 */
import { promises as files } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { CaptureFlowError, type Options } from '@captureflow/core';
import type { BuildOptions, Loader, OnLoadArgs, OnLoadResult, PartialMessage, PluginBuild } from 'esbuild';
import { createInstrumenter, type Instrumenter } from './create-instrumenter.ts';
import { readIncomingMap } from './incoming-map.ts';
import type { Language } from './parse.ts';
import type { SourceMap } from './source-map.ts';

/** What esbuild does with file endings that no option names. */
const LOADERS: Readonly<Record<string, Loader>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
};

/** esbuild's `Plugin`, said without its types: whoever uses the text instrumenter alone reads these declarations, and need not have esbuild. */
export interface EsbuildPlugin {
  readonly name: string;
  setup(build: object): void | Promise<void>;
}

const LANGUAGES: ReadonlySet<string> = new Set<Language>(['js', 'jsx', 'ts', 'tsx']);

/**
 * An esbuild plugin that instruments every file of the project. Put it last: esbuild gives a file to the first plugin that loads it;
 * what other plugins load is instrumented when they are given to `compose`.
 * Wrong options and unsupported versions of esbuild fail the build.
 *
 * @example
 * ```js
 * await esbuild.build({ entryPoints: ['src/main.ts'], bundle: true, outdir: 'dist', plugins: [captureflow({ level: 'values' })] });
 * ```
 */
export function captureflow(options: Options = {}): EsbuildPlugin {
  return { name: NAME, setup: (build: PluginBuild) => setUp(build, options, new Set()) };
}

/**
 * Plugins that load JavaScript or TypeScript themselves (Vue, Svelte, MDX …), so that what they return is instrumented too;
 * CaptureFlow's own plugin is the last of the answer.
 *
 * @example
 * ```js
 * plugins: compose([vue(), mdx()], { level: 'values' })
 * ```
 */
export function compose(plugins: readonly EsbuildPlugin[], options: Options = {}): EsbuildPlugin[] {
  const loaded = new Set<string>();
  const wrapped = plugins.map(
    (plugin): EsbuildPlugin => ({ name: plugin.name, setup: (build: PluginBuild) => plugin.setup(hookLoads(build, options, loaded)) }),
  );
  return [...wrapped, { name: NAME, setup: (build: PluginBuild) => setUp(build, options, loaded) }];
}

const NAME = 'captureflow';

/** `loaded`: files that were seen, by absolute path. */
function setUp(build: PluginBuild, options: Options, loaded: Set<string>): void {
  checkVersion(build.esbuild?.version);
  const { initialOptions } = build;
  const root = initialOptions.absWorkingDir ?? process.cwd();
  const loaders = { ...LOADERS, ...initialOptions.loader };
  const endings = Object.keys(loaders).filter((ending) => LANGUAGES.has(loaders[ending] as string));
  let instrumenter = createInstrumenter(options, root);
  let isMissing = false;
  build.onStart(() => {
    // Packages may have changed their `type` since the last build of a watching process.
    instrumenter = createInstrumenter(options, root);
    isMissing = false;
    loaded.clear();
  });
  build.onLoad({ filter: endsWith(endings), namespace: 'file' }, async (args) => {
    loaded.add(args.path);
    const answer = await load(args, languageOf(args.path, loaders), instrumenter, build);
    if (answer?.errors?.some(isRuntimeMissing) !== true) return answer;
    // One file that says it is enough to fail the build; all would say the same.
    if (isMissing) return undefined;
    isMissing = true;
    return answer;
  });
  warnOfForeignLoads(build, loaded, (path) => languageOf(path, loaders) !== undefined && instrumenter.includes(path));
}

async function load(
  { path, ...args }: OnLoadArgs,
  language: Language | undefined,
  instrumenter: Instrumenter,
  { initialOptions, esbuild }: PluginBuild,
): Promise<OnLoadResult | undefined> {
  // `import text from './a.js' with { type: 'text' }` asks for something that is no program.
  if (language === undefined || args.with?.['type'] !== undefined || !instrumenter.includes(path)) return undefined;
  const source = await files.readFile(path, 'utf8').catch(() => undefined);
  if (source === undefined) return undefined;
  const own = instrumentText(source, path, language, instrumenter, initialOptions, readsSources(esbuild.version));
  if (own === undefined || (own.isDoubtful && !(await accepts(esbuild, source, language)))) return undefined;
  const { answer } = own;
  // `default`: the loader that esbuild would have taken.
  return { ...answer, loader: 'default', resolveDir: dirname(path), watchFiles: [path, ...(answer.watchFiles ?? [])] };
}

/**
 * An error that our parser does not stop at (`let a; let a`) esbuild must report on the text that its author wrote; whether it is one, esbuild
 * decides. Asked of doubtful files only: of all, it doubled the cost of the plugin. Decorators mean one thing or the other by settings that a
 * transform does not know.
 */
async function accepts(esbuild: PluginBuild['esbuild'], source: string, loader: Language): Promise<boolean> {
  for (const experimentalDecorators of [false, true]) {
    const tsconfigRaw = { compilerOptions: { experimentalDecorators } };
    const isAccepted = await esbuild.transform(source, { loader, jsx: 'preserve', logLevel: 'silent', tsconfigRaw }).then(
      () => true,
      () => false,
    );
    if (isAccepted) return true;
  }
  return false;
}

interface Instrumented {
  readonly answer: OnLoadResult;
  /** esbuild may see an error in the author's text that our parser lets pass. */
  readonly isDoubtful: boolean;
}

/**
 * Undefined: nothing was instrumented, or the text has errors that esbuild reports better. `isOnDisk`: esbuild finds `source` at `path` itself, so
 * that the map need not carry it.
 */
function instrumentText(
  source: string,
  path: string,
  language: Language,
  instrumenter: Instrumenter,
  options: BuildOptions,
  isOnDisk = false,
): Instrumented | undefined {
  const wantsMap = options.sourcemap !== undefined && options.sourcemap !== false;
  const incoming = wantsMap ? readIncomingMap(source, path) : undefined;
  try {
    const file = instrumenter.instrument(source, path, {
      language,
      judges: true,
      sourceMap: incoming?.map,
      limits: { blockFunctionsRenamed: true },
    });
    if (file.code === undefined) return undefined;
    const watchFiles = incoming?.file === undefined ? [] : [incoming.file];
    const withoutText = isOnDisk && incoming === undefined;
    const contents = wantsMap && file.map !== undefined ? file.code + toComment(file.map, path, withoutText) : file.code;
    return { answer: { contents, watchFiles }, isDoubtful: file.isDoubtful === true };
  } catch (error) {
    return { answer: { errors: [describe(error, source, options)] }, isDoubtful: false };
  }
}

/** esbuild reads a source's name from the folder of the file that has the map. */
function toComment(map: SourceMap, path: string, withoutText: boolean): string {
  const sources = map.sources.map((source) => (source === path ? basename(path) : source));
  const text = JSON.stringify({ ...map, sources, sourcesContent: withoutText ? undefined : map.sourcesContent });
  return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(text).toString('base64')}\n`;
}

/** What is no error of ours is a bug of ours, and esbuild shows its stack. */
function describe(error: unknown, source: string, options: BuildOptions): PartialMessage {
  if (!(error instanceof CaptureFlowError)) throw error;
  const { place } = error;
  if (place === undefined) return { text: error.message, detail: error };
  const lineText = source.split(/\r\n|[\r\n\u2028\u2029]/)[place.line - 1] ?? '';
  const file = relative(options.absWorkingDir ?? process.cwd(), place.file);
  // esbuild counts columns in bytes from 0.
  const column = Buffer.byteLength(lineText.slice(0, place.column - 1));
  return { text: error.message, location: { file, line: place.line, column, lineText } };
}

function isRuntimeMissing({ detail }: PartialMessage): boolean {
  return detail instanceof CaptureFlowError && detail.code === 'RUNTIME_MISSING';
}

/** A `PluginBuild` whose `onLoad` instruments what the plugin answers. */
function hookLoads(build: PluginBuild, options: Options, loaded: Set<string>): PluginBuild {
  const { initialOptions } = build;
  let instrumenter: Instrumenter | undefined;
  const onLoad: PluginBuild['onLoad'] = (filter, callback) =>
    build.onLoad(filter, async (args) => {
      const answer = await callback(args);
      if (answer?.contents === undefined || answer.errors?.length || !isAbsolute(args.path)) return answer;
      const language =
        answer.loader === 'default' ? languageOf(args.path, { ...LOADERS, ...initialOptions.loader }) : (answer.loader ?? 'js');
      loaded.add(args.path);
      if (!LANGUAGES.has(language as string)) return answer;
      instrumenter ??= createInstrumenter(options, initialOptions.absWorkingDir ?? process.cwd());
      if (!instrumenter.includes(args.path)) return answer;
      const source = typeof answer.contents === 'string' ? answer.contents : Buffer.from(answer.contents).toString();
      const own = instrumentText(source, args.path, language as Language, instrumenter, initialOptions)?.answer;
      return own === undefined ? answer : { ...answer, ...own, watchFiles: [...(answer.watchFiles ?? []), ...(own.watchFiles ?? [])] };
    });
  return Object.create(build, { onLoad: { value: onLoad, enumerable: true } }) as PluginBuild;
}

/**
 * A plugin before ours that loads a file of the project keeps it from us, and esbuild tells nobody. The list of inputs shows it;
 * it is asked for only where there are other plugins, and taken away again where nobody else asked.
 */
function warnOfForeignLoads(build: PluginBuild, loaded: ReadonlySet<string>, isOurs: (path: string) => boolean): void {
  const { initialOptions } = build;
  if ((initialOptions.plugins?.length ?? 0) < 2) return;
  const wasAsked = initialOptions.metafile === true;
  initialOptions.metafile = true;
  build.onEnd((result) => {
    const { metafile } = result;
    if (metafile === undefined) return undefined;
    if (!wasAsked) delete (result as { metafile?: unknown }).metafile;
    const root = initialOptions.absWorkingDir ?? process.cwd();
    const foreign = Object.keys(metafile.inputs).filter((input) => {
      const path = resolve(root, input);
      return !/^[\w-]+:/.test(input) && !loaded.has(path) && isOurs(path);
    });
    return foreign.length === 0 ? undefined : { warnings: [{ text: describeForeign(foreign) }] };
  });
}

function describeForeign(files: readonly string[]): string {
  const shown = files.slice(0, 5).join(', ') + (files.length > 5 ? ` and ${files.length - 5} more` : '');
  return `[captureflow] not instrumented, because another plugin loaded ${files.length === 1 ? 'it' : 'them'} first: ${shown}. Write plugins: compose([thatPlugin()], options) instead, or exclude ${files.length === 1 ? 'the file' : 'the files'}.`;
}

/** The longest ending that has a loader, as esbuild looks it up. */
function languageOf(path: string, loaders: Readonly<Record<string, Loader>>): Language | undefined {
  const name = basename(path);
  for (let at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1)) {
    const loader = loaders[name.slice(at)];
    if (loader !== undefined) return LANGUAGES.has(loader) ? (loader as Language) : undefined;
  }
  return undefined;
}

/** In Go's syntax too. */
function endsWith(endings: readonly string[]): RegExp {
  return new RegExp(`(?:${endings.map((ending) => ending.replaceAll('.', '\\.')).join('|')})$`);
}

/** Whether esbuild reads the sources that a map names without their text; handing the text over through it took a quarter of our time. */
function readsSources(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major > 0 || minor > 25 || (minor === 25 && patch >= 5);
}

function checkVersion(version: string | undefined): void {
  const [major = 0, minor = 0] = (version ?? '0').split('.').map(Number);
  if (major === 0 && minor >= 18 && minor < 29) return;
  throw new CaptureFlowError('ESBUILD_UNSUPPORTED', { version: version ?? '(unknown)' });
}
