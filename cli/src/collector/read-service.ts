/**
 * Takes apart what was sent, and files that are shown, in a thread of its own: that costs as much as storing it. Hands on what the store wants, packed, so that
 * the thread between them does not look into it. Must not know the database.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { TraceSource } from '@captureflow/trace';
import { readArrival, RefusedBody } from './arrival.ts';
import { packArrival } from './delivery.ts';
import type { PackedDelivery } from './delivery.ts';
import { FolderWatch } from './folder-watch.ts';
import type { FileNews } from './folder-watch.ts';
import { otlpJsonOfProtobuf } from './otlp-protobuf.ts';
import type { Service } from './services.ts';

export interface ReadSpec {
  readonly kind: 'read';
  /** Bytes of one unpacked body. */
  readonly mostBytes: number;
  /** Files and folders to show instead of taking what is sent; they are watched. */
  readonly files?: { readonly paths: readonly string[]; readonly cwd: string };
}

/** What the headers of a request say of its body. */
export interface BodyForm {
  readonly gzip: boolean;
  /** OTLP as protobuf. */
  readonly protobuf: boolean;
}

export type ReadOrder =
  | ({ readonly kind: 'body'; readonly source: TraceSource; readonly body: Uint8Array } & BodyForm)
  /** What was handed on last is stored: the files may go on. */
  | { readonly kind: 'stored' };

/** Answer to `body`: what to store of it, and what to tell the sender when that is done. */
export interface ReadBody {
  readonly delivery: PackedDelivery;
  readonly taken: Taken;
}

export interface Taken {
  readonly traces: number;
  readonly rejected: number;
  readonly message: string;
}

/** Of files, in this order into the store; `add` waits for `stored`. */
export type ReadNews = { readonly add: PackedDelivery } | { readonly forget: string } | { readonly files: FileNews };

/** What is to be told about a body and is no fault of the collector. */
class BodyTooLarge extends Error {
  readonly status = 413;
}

export class ReadService implements Service<ReadOrder> {
  readonly #mostBytes: number;
  readonly #watch: FolderWatch | undefined;
  #goOn: () => void = () => {};

  constructor({ mostBytes, files }: ReadSpec, tell: (news: ReadNews) => void) {
    this.#mostBytes = mostBytes;
    if (files === undefined) return;
    this.#watch = new FolderWatch(files.paths, files.cwd, {
      add: ({ arrival, body }) =>
        new Promise((stored) => {
          this.#goOn = stored;
          tell({ add: { arrival: packArrival(arrival), body } });
        }),
      forget: (path) => tell({ forget: path }),
      say: (news) => tell({ files: news }),
    });
  }

  async handle(order: ReadOrder): Promise<ReadBody | undefined> {
    if (order.kind === 'body') return this.#read(order);
    this.#goOn();
    return undefined;
  }

  stop(): void {
    this.#watch?.stop();
  }

  #read({ source, body, gzip, protobuf }: Extract<ReadOrder, { kind: 'body' }>): ReadBody {
    const unpacked = gzip ? this.#unpack(body) : body;
    const bytes = protobuf ? jsonOf(unpacked) : unpacked;
    const arrival = readArrival(source, bytes);
    const { pieces, rejected, message } = arrival;
    return {
      delivery: { arrival: packArrival(arrival), body: gzip && !protobuf ? body : gzipSync(bytes, { level: 1 }) },
      taken: { traces: pieces.length, rejected, message },
    };
  }

  #unpack(body: Uint8Array): Uint8Array {
    try {
      return gunzipSync(body, { maxOutputLength: this.#mostBytes });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        throw new BodyTooLarge(`the body is larger than ${this.#mostBytes} bytes`);
      throw Object.assign(new Error('the body is no gzip'), { status: 400 });
    }
  }
}

/** Stored as JSON, which every reader of the store knows. */
function jsonOf(protobuf: Uint8Array): Uint8Array {
  try {
    return new TextEncoder().encode(JSON.stringify(otlpJsonOfProtobuf(protobuf)));
  } catch (error) {
    throw new RefusedBody(400, `the body is no ExportTraceServiceRequest in protobuf: ${(error as Error).message}`);
  }
}
