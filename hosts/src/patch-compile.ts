/**
 * CommonJS before Node had synchronous hooks: every file passes `Module.prototype._compile`, as pirates, nyc and ts-node rely on.
 */
import module from 'node:module';
import type { InstrumentSource } from './node-source.ts';

type Compile = (this: unknown, content: string, fileName: string, format?: string) => unknown;

export function patchCompile(instrument: InstrumentSource): void {
  const prototype = module.prototype as unknown as { _compile: Compile };
  const compile = prototype._compile;
  prototype._compile = function (content, fileName, format) {
    // A text that somebody evaluates under a name has no file.
    const code = /\.[cm]?[jt]sx?$/.test(fileName) ? instrument(content, fileName, format) : undefined;
    return compile.call(this, code ?? content, fileName, format);
  };
}
