/** Traces as the page reads them, made when they are asked for and kept for a while: decoding a large one takes seconds, which no request and no commit waits for. */
import { gzipSync } from 'node:zlib';
import { exportFormats } from '@captureflow/trace';
import type { Trace, TraceSummary } from '@captureflow/trace';
import { writeViewFile } from '@captureflow/trace/view-file';
import type { ViewParts } from '@captureflow/trace/view-file';
import { readModuleSource } from './module-source.ts';
import { pageWithTraces } from './page-with-traces.ts';
import { readStoredTrace } from './stored-trace.ts';
import type { StoredTrace } from './stored-trace.ts';
import type { Service } from './services.ts';

export type ViewOrder =
  /** Makes the view of `stored`; undefined: it cannot be read any more. */
  | { readonly kind: 'make'; readonly id: string; readonly stored: StoredTrace }
  /** Undefined: it has to be made (again). */
  | { readonly kind: 'head'; readonly id: string }
  | { readonly kind: 'block'; readonly id: string; readonly block: number }
  | { readonly kind: 'modules'; readonly id: string }
  | { readonly kind: 'forget'; readonly id: string }
  /** `root`: folder that module paths start from, for formats that carry sources. */
  | { readonly kind: 'export'; readonly stored: StoredTrace; readonly format: string; readonly root: string }
  /** `page`: the viewer's HTML. */
  | { readonly kind: 'html'; readonly stored: StoredTrace; readonly summary: TraceSummary; readonly page: string; readonly root: string };

interface View {
  /** gzip. */
  readonly head: Uint8Array;
  readonly parts: ViewParts;
  readonly modules: readonly string[];
  readonly spans: number;
}

/** Spans of views that are kept, some hundreds of bytes each; the one that was asked for last always is. */
const KEPT_SPANS = 500_000;

/** Of an exported file: no text is as long as the file. */
const PIECE_UNITS = 1024 * 1024;

export class ViewService implements Service<ViewOrder> {
  readonly #views: Map<string, View> = new Map();

  async handle(order: ViewOrder): Promise<unknown> {
    switch (order.kind) {
      case 'make': {
        const trace = readStoredTrace(order.stored);
        if (trace === undefined) return false;
        this.#keep(order.id, makeView(trace));
        return true;
      }
      case 'head':
        return this.#use(order.id)?.head;
      case 'block': {
        const view = this.#use(order.id);
        return view && { block: blockOf(view.parts, order.block) };
      }
      case 'modules':
        return this.#use(order.id)?.modules;
      case 'forget':
        return void this.#views.delete(order.id);
      case 'export': {
        const trace = readStoredTrace(order.stored);
        return trace && exportAs(trace, order.format, order.root);
      }
      case 'html': {
        const trace = readStoredTrace(order.stored);
        return trace && pageWithTraces(order.page, [{ trace, summary: order.summary }], order.root);
      }
    }
  }

  stop(): void {
    this.#views.clear();
  }

  #use(id: string): View | undefined {
    const view = this.#views.get(id);
    if (view === undefined) return undefined;
    // The last one used is the last one to go.
    this.#views.delete(id);
    this.#views.set(id, view);
    return view;
  }

  #keep(id: string, view: View): void {
    this.#views.delete(id);
    this.#views.set(id, view);
    let spans = 0;
    for (const each of this.#views.values()) spans += each.spans;
    for (const [oldest, each] of this.#views) {
      if (spans <= KEPT_SPANS || oldest === id) return;
      this.#views.delete(oldest);
      spans -= each.spans;
    }
  }
}

function makeView(trace: Trace): View {
  const parts = writeViewFile(trace);
  const modules = [...new Set(trace.spans.map((span) => span.function.module))];
  return { head: gzipSync(parts.head, { level: 1 }), parts, modules, spans: trace.spans.length };
}

/** gzip; undefined: there is no such block. */
function blockOf(parts: ViewParts, index: number): Uint8Array | undefined {
  return index < parts.blockCount ? gzipSync(parts.block(index), { level: 1 }) : undefined;
}

/** Undefined: no such format. */
function exportAs(trace: Trace, name: string, root: string): readonly Uint8Array[] | undefined {
  const format = exportFormats.find((each) => each.name === name);
  if (format === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  let text = '';
  const flush = (): void => {
    pieces.push(new TextEncoder().encode(text));
    text = '';
  };
  for (const piece of format.write([trace], { sourceText: (module) => readModuleSource(root, module) })) {
    text += piece;
    if (text.length > PIECE_UNITS) flush();
  }
  flush();
  return pieces;
}
