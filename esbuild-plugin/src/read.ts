/** oxc-parser's tree to facts: core's reader, with what this host knows. Must not judge. */
import type { FileFacts } from '@captureflow/core';
import { detectKind, readProgram } from '@captureflow/core/estree';
import type { ParsedFile } from './parse.ts';

/** `format`: undefined when syntax and file ending have to tell. */
export function read(file: ParsedFile, format: FileFacts['kind'] | undefined): FileFacts {
  const { program, source, fileName } = file;
  return readProgram(program, source, {
    kind: format ?? detectKind(program, { fileName }),
    // Parsers make the list when it is asked for.
    get comments() {
      return file.comments;
    },
  });
}
