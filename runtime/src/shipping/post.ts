/** What one POST is, whoever makes it: Node's client (`http-post.ts`) or `fetch` (`fetch-post.ts`). */
import type { Answer } from './retry.ts';

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Undefined: what the client does by itself, `node:http` compresses, `fetch` does not. */
  readonly compression: 'gzip' | 'none' | undefined;
  /** For all of it, in ms. */
  readonly timeoutMs: number;
}

export interface Posting {
  /** Resolves with undefined when no whole answer came. Never rejects. */
  readonly answer: Promise<Answer | undefined>;
  /** Whether the request keeps the process alive. A new one does not. */
  hold(on: boolean): void;
}

export type Post = (request: PostRequest) => Posting;

/** Of an answer, so much is read; the connection of a receiver that says more is closed. */
export const MOST_ANSWER_BYTES: number = 64 * 1024;
