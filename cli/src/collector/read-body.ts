/** Bodies of requests in bounded memory: each by itself, and all together. */
import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  /** Bytes of one body. */
  readonly one: number;
  /** Bytes of all that are being read or stored. */
  readonly all: number;
}

/** Of the limit of one body: how much is read of one that is refused. */
const MOST_TIMES = 4;

export class BodyError extends Error {
  readonly status: 400 | 413 | 503;

  constructor(status: BodyError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

export class BodyReader {
  readonly #limits: BodyLimits;
  #held: number = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** The body; `release` gives its room back, once. @throws {BodyError} */
  read(request: IncomingMessage): Promise<{ readonly body: Buffer; readonly release: () => void }> {
    const { one, all } = this.#limits;
    let held = 0;
    let open = true;
    const release = (): void => {
      if (open) this.#held -= held;
      open = false;
    };
    return new Promise((resolve, reject) => {
      const announced = Number(request.headers['content-length'] ?? 0);
      let chunks: Buffer[] = [];
      let seen = 0;
      let refusal: BodyError | undefined;
      const refuse = (error: BodyError): void => {
        refusal ??= error;
        chunks = [];
        release();
      };
      // A sender hears the answer only when it could send to its end: what is refused is read on for a while, and thrown away.
      const give = (): void => {
        if (refusal !== undefined && seen > MOST_TIMES * one) reject(refusal);
      };
      if (announced > one) refuse(new BodyError(413, `the body has ${announced} bytes, ${one} are taken`));
      if (announced > MOST_TIMES * one) return reject(refusal);
      request.on('data', (chunk: Buffer) => {
        seen += chunk.length;
        if (refusal === undefined) {
          held += chunk.length;
          this.#held += chunk.length;
          chunks.push(chunk);
          if (seen > one) refuse(new BodyError(413, `the body has more than ${one} bytes`));
          else if (this.#held > all) refuse(new BodyError(503, 'more is coming in than can be stored; send it again later'));
        }
        give();
      });
      request.on('end', () => {
        if (refusal !== undefined) reject(refusal);
        else resolve({ body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), release });
      });
      const broken = (): void => {
        release();
        reject(refusal ?? new BodyError(400, 'the body ended before its end'));
      };
      request.on('error', broken);
      request.on('close', () => {
        if (!request.complete) broken();
      });
    });
  }
}
