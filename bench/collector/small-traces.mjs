/** Bodies as our runtime's worker posts them: trace files of 128 KiB of segments, gzip level 1. A trace: a request of six spans with an order among their arguments. */
import { gzipSync } from 'node:zlib';
import { encodeSegment, fileHeader, frameSegment, Link, Op, Tag } from '@captureflow/trace';

const BODY_BYTES = 128 * 1024;
const N = 1 << 5;
const OPERAND = 1 << 9;
const NAMES = ['handle', 'loadOrder', 'query', 'total', 'tax', 'render'];

/** @returns {Generator<{ body: Uint8Array, rawBytes: number, traces: number }>} `count` traces, numbers from `first` on */
export function* smallTraces(count, first = 1) {
  let pieces = [fileHeader()];
  let bytes = 0;
  for (let number = first; number < first + count; number++) {
    const segment = smallTrace(number);
    bytes += segment.length;
    pieces.push(frameSegment(segment));
    if (bytes < BODY_BYTES && number + 1 < first + count) continue;
    const raw = Buffer.concat(pieces);
    yield { body: gzipSync(raw, { level: 1 }), rawBytes: raw.length, traces: pieces.length - 1 };
    pieces = [fileHeader()];
    bytes = 0;
  }
}

function smallTrace(number) {
  const ops = [];
  const nums = [];
  const refs = [];
  const write = (value) => {
    if (typeof value === 'string') {
      ops.push(Tag.STRING);
      refs.push(value);
    } else if (Number.isInteger(value)) {
      ops.push(Tag.INT | (value << 5));
    } else if (typeof value === 'number') {
      ops.push(Tag.NUMBER);
      nums.push(value);
    } else {
      const keys = Object.keys(value);
      ops.push(Tag.OBJECT | (keys.length << 5), keys.length);
      refs.push('Object');
      for (const key of keys) {
        refs.push(key);
        write(value[key]);
      }
    }
  };
  const start = number * 0.2;
  const order = {
    id: `ord_${number}`,
    customer: { name: `Customer ${number % 977}`, email: `c${number % 977}@example.com` },
    total: number * 1.25 + 0.01,
    status: ['open', 'paid', 'sent'][number % 3],
  };
  ops.push(Op.STACK, 1, Op.TIME);
  nums.push(start);
  NAMES.forEach((_, fn) => {
    if (fn === 0) ops.push(Op.ENTER_AT | N, 0, Link.TOP);
    else ops.push(Op.ENTER | N | (fn * OPERAND));
    write(fn % 2 === 0 ? order : order.id);
  });
  for (const name of NAMES) {
    ops.push(Op.EXIT | N);
    write(name === 'total' ? order.total : order.status);
  }
  const id = number.toString(16).padStart(8, '0');
  const hash = Math.imul(number, 0x9e3779b1) >>> 0;
  const traceId = hash.toString(16).padStart(8, '0') + id.repeat(3);
  return encodeSegment({
    header: {
      v: 2,
      traceId,
      spanBase: traceId.slice(0, 16),
      part: 0,
      root: {
        kind: 'http',
        name: 'GET /orders/:id',
        attributes: {
          'http.request.method': 'GET',
          'url.path': `/orders/${number}`,
          'http.route': '/orders/:id',
          'http.response.status_code': number % 50 === 0 ? 404 : 200,
          'http.server.request.duration': 0.002,
        },
      },
      timeOrigin: 1_790_000_000_000,
      start,
      end: start + 2 + (number % 40),
      process: { pid: 1, threadId: 0, service: 'orders', runtime: 'node v20' },
      dropped: {},
      functions: NAMES.map((name, index) => ({
        id: index,
        module: `src/${name}.ts`,
        record: [name, index * 10 + 1, 1, 3, ['order'], [], [], [], index * 10 + 9],
      })),
    },
    chunks: [
      {
        ops: Int32Array.from(ops),
        nums: Float64Array.from(nums),
        refs,
        opsLength: ops.length,
        numsLength: nums.length,
        refsLength: refs.length,
      },
    ],
  });
}
