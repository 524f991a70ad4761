/**
 * Every error the build can raise: one table of codes, one class. Messages say what is wrong, where, and what to do.
 * Must not print or throw by itself.
 */

export const ERROR_MESSAGES = {
  OPTION_UNKNOWN: 'Unknown option "%key%"; %hint%',
  OPTION_INVALID: 'Option "%key%" %problem%.',
  PLAN_DESYNC:
    'The emitter could not find %what% that the plan names. This is a bug in CaptureFlow; exclude the file with option "exclude" to go on.',
  TYPESCRIPT_UNSUPPORTED:
    'TypeScript %version% has no transformer API that CaptureFlow can use (it needs 5.2 to 6.x): install typescript@6 beside it, or instrument with Babel, esbuild, Vite or "captureflow instrument" on the emitted JavaScript.',
  ESBUILD_UNSUPPORTED: 'esbuild %version% is not supported: this version of CaptureFlow works with esbuild 0.18 to 0.28.',
  BABEL_UNSUPPORTED: 'Babel %version% is not supported: this version of CaptureFlow works with Babel 7.20 to 8.x.',
  COMPILER_ORDER:
    'The React Compiler must see the program before CaptureFlow: put "babel-plugin-react-compiler" before "@captureflow/babel-plugin" in the list "plugins".',
  HOST_UNSUPPORTED: '%host% %version% is not supported: this version of CaptureFlow works with %range%.',
  HOST_MODULE_MISSING: '%user% needs the module "%name%", which cannot be resolved from %from%: install it (npm install -D %name%).',
  HOST_CHECKS_TYPES: '%host% would check the types of instrumented code, which are not those of the program: %remedy%.',
  CONFIG_INVALID: 'The configuration file %file% %problem%.',
  HOST_MODULE_INVALID: 'The transformer "%name%" that option "next" names %problem%.',
  MODULE_UNSUPPORTED: 'Module kind %kind% is not supported: set "module" to CommonJS, ESNext, NodeNext or Preserve.',
  RUNTIME_MISSING:
    'The runtime "%runtime%" cannot be resolved from %from%, and an ES module that imports it would not load: install it (npm install %package%), or name another with option "runtime".',
} as const;

export type ErrorCode = keyof typeof ERROR_MESSAGES;

export interface ErrorPlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** `message` reads `[captureflow] CODE file:line:column text`. */
export class CaptureFlowError extends Error {
  readonly code: ErrorCode;
  readonly place: ErrorPlace | undefined;

  constructor(code: ErrorCode, values: Readonly<Record<string, string>>, place?: ErrorPlace) {
    const text = ERROR_MESSAGES[code].replace(/%(\w+)%/g, (_, key: string) => values[key] ?? '');
    const where = place === undefined ? '' : ` ${place.file}:${place.line}:${place.column}`;
    super(`[captureflow] ${code}${where} ${text}`);
    this.name = 'CaptureFlowError';
    this.code = code;
    this.place = place;
  }
}
