/** The sending core with a clock and a network of its own: no timer and no socket decides. */
import { expect, test } from 'vitest';
import type { EncodedSegment } from '../src/exporter.ts';
import type { Consignment } from '../src/shipping/carrier.ts';
import type { Post, PostRequest } from '../src/shipping/post.ts';
import { localCarrier } from '../src/shipping/local-carrier.ts';
import type { Parcel, Protocol } from '../src/shipping/protocol.ts';
import { nextStep } from '../src/shipping/retry.ts';
import type { Answer } from '../src/shipping/retry.ts';
import { SendQueue } from '../src/shipping/send-queue.ts';
import { Shipper } from '../src/shipping/shipper.ts';
import type { Clock, ShipperOptions } from '../src/shipping/shipper.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);

function segment(name: string, bytes: number = 10): EncodedSegment {
  return { traceId: name, part: 0, kind: 'run', name, ended: true, bytes: new Uint8Array(bytes) };
}

interface World {
  readonly shipper: Shipper;
  readonly requests: PostRequest[];
  /** What each attempt was sent at, in ms since the start. */
  readonly times: number[];
  readonly spilled: string[];
  held: number;
  /** Sets the clock back by so many ms. */
  setBack(ms: number): void;
  /** Moves the clock to the next timers, until `ms` have passed. */
  advance(ms: number): Promise<void>;
}

/** Of several segments one request, which can be halved. */
function parcelOf(segments: readonly EncodedSegment[]): Parcel {
  const half = segments.length >> 1;
  return {
    url: 'http://x',
    body: new TextEncoder().encode(segments.map(({ name }) => name).join('+')),
    segments,
    ...(half === 0 ? {} : { split: () => [parcelOf(segments.slice(0, half)), parcelOf(segments.slice(half))] }),
  };
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

/** `answers`: of the requests one after the other, the last for all others; 'hang' never answers. */
function world(
  answers: readonly (Answer | undefined | 'hang')[],
  options: Partial<ShipperOptions> & { spills?: boolean; together?: boolean } = {},
): World {
  let now = NOW;
  let back = 0;
  const timers = new Set<{ at: number; run: () => void; held: boolean }>();
  const clock: Clock = {
    now: () => now - back,
    elapsed: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run, held: false };
      timers.add(timer);
      return {
        cancel: () => void timers.delete(timer),
        hold: (on) => {
          timer.held = on;
        },
      };
    },
  };
  const requests: PostRequest[] = [];
  const times: number[] = [];
  const spilled: string[] = [];
  const it: Omit<World, 'shipper'> = {
    requests,
    times,
    spilled,
    held: 0,
    setBack(ms) {
      back += ms;
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = Math.max(now, next.at);
        timers.delete(next);
        next.run();
        await settle();
      }
      now = end;
    },
  };
  const { spills = false, together = false, ...rest } = options;
  const protocol: Protocol = {
    name: 'test',
    headers: {},
    parcels: (segments) => (together && segments.length > 1 ? [parcelOf(segments)] : segments.map((each) => parcelOf([each]))),
  };
  const post: Post = (request) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    times.push(now - NOW);
    return {
      answer: answer === 'hang' ? new Promise(() => {}) : Promise.resolve(answer),
      hold: (on) => {
        it.held += on ? 1 : -1;
      },
    };
  };
  const shipper = new Shipper(
    {
      name: 'test',
      carrier: localCarrier(protocol, { timeoutMs: 10_000, compression: 'none' }, post),
      rejected: ({ body }) => (body === 'partly' ? { count: 3, message: 'three were bad' } : undefined),
      queueBytes: 100,
      ...rest,
      ...(spills
        ? {
            spill: {
              add: (segments: readonly EncodedSegment[]) => spilled.push(...segments.map(({ name }) => name)) && segments.length,
              reject: (_body: Uint8Array, answer: string) => void spilled.push(answer),
              keep: (segments: readonly EncodedSegment[], why: string) =>
                void spilled.push(...segments.map(({ name }) => `${name}: ${why}`)),
              takeOldest: () => [],
              release: () => {},
            } as unknown as NonNullable<ShipperOptions['spill']>,
          }
        : {}),
    },
    clock,
    () => 0.5,
  );
  return Object.assign(it, { shipper });
}

const OK: Answer = { status: 200, body: '' };
const sent = ({ requests }: World): string[] => requests.map(({ body }) => new TextDecoder().decode(body));

test('a queue over its bytes hands back the oldest, and makes some room', () => {
  const queue = new SendQueue(40);
  const names = (segments: readonly EncodedSegment[]): string[] => segments.map(({ name }) => name);
  expect(names(queue.add(['a', 'b', 'c', 'd'].map((name) => segment(name))))).toEqual([]);
  expect(names(queue.add([segment('e')]))).toEqual(['a', 'b']);
  expect(names(queue.take(20))).toEqual(['c', 'd']);
  expect(queue.bytes).toBe(10);
  expect(names(queue.add([segment('huge', 1000)]))).toEqual(['huge']);
  expect([queue.count, queue.bytes]).toEqual([1, 10]);
});

test.each([
  [200, 'delivered'],
  [204, 'delivered'],
  [301, 'refused'],
  [400, 'refused'],
  [401, 'refused'],
  [413, 'refused'],
  [422, 'refused'],
  [500, 'refused'],
  [429, 'wait'],
  [502, 'wait'],
  [503, 'wait'],
  [504, 'wait'],
])('HTTP %d is %s', (status, kind) => {
  expect(nextStep({ status, body: '' }, 1, 0.5, NOW).kind).toBe(kind);
});

test('pauses grow by half up to five seconds, with a fifth of jitter, five attempts in all', () => {
  const pauses = [1, 2, 3, 4, 5].map((attempt) => nextStep(undefined, attempt, 0.5, NOW));
  expect(pauses).toEqual([
    { kind: 'wait', ms: 1000 },
    { kind: 'wait', ms: 1500 },
    { kind: 'wait', ms: 2250 },
    { kind: 'wait', ms: 3375 },
    { kind: 'away' },
  ]);
  expect([0, 1].map((random) => nextStep(undefined, 1, random, NOW))).toEqual([
    { kind: 'wait', ms: 800 },
    { kind: 'wait', ms: 1200 },
  ]);
});

test.each([
  ['7', { kind: 'wait', ms: 7000 }],
  [' 0 ', { kind: 'wait', ms: 1000 }],
  ['Sat, 21 Nov 2026 12:00:30 GMT', { kind: 'wait', ms: 30_000 }],
  ['Sat, 21 Nov 2020 12:00:30 GMT', { kind: 'wait', ms: 1000 }],
  ['-5', { kind: 'wait', ms: 1000 }],
  ['1e9', { kind: 'wait', ms: 1000 }],
  ['soon', { kind: 'wait', ms: 1000 }],
  ['60', { kind: 'wait', ms: 60_000 }],
  ['61', { kind: 'away' }],
  ['86400', { kind: 'away' }],
])('Retry-After: %s', (retryAfter, step) => {
  expect(nextStep({ status: 429, retryAfter, body: '' }, 1, 0.5, NOW)).toEqual(step);
});

test('segments gather for a second and go one request at a time', async () => {
  const it = world([OK]);
  it.shipper.add([segment('a')]);
  await it.advance(900);
  it.shipper.add([segment('b')]);
  expect(it.requests).toHaveLength(0);
  await it.advance(100);
  expect(sent(it)).toEqual(['a', 'b']);
  expect(it.shipper.stats()).toMatchObject({ delivered: 2, requests: 2, waiting: 0, dropped: 0 });
});

test('a receiver that comes back gets what it missed, in order', async () => {
  const it = world([undefined, { status: 503, body: '' }, { status: 429, retryAfter: '4', body: '' }, OK]);
  it.shipper.add([segment('a'), segment('b')]);
  await it.advance(60_000);
  expect(sent(it)).toEqual(['a', 'a', 'a', 'a', 'b']);
  expect(it.times).toEqual([1000, 2000, 3500, 7500, 7500]);
  expect(it.shipper.stats()).toMatchObject({ delivered: 2, retries: 3, away: 0 });
});

test('what is refused is not sent again, kept with the answer, and counted', async () => {
  const it = world([{ status: 422, body: 'bad field' }, OK], { spills: true });
  it.shipper.add([segment('a'), segment('b')]);
  await it.advance(60_000);
  expect(sent(it)).toEqual(['a', 'b']);
  expect(it.spilled).toEqual(['HTTP 422\nbad field']);
  expect(it.shipper.stats()).toMatchObject({ delivered: 1, refused: 1 });
});

test('a partial success counts what was rejected and is not retried', async () => {
  const it = world([{ status: 200, body: 'partly' }]);
  it.shipper.add([segment('a')]);
  await it.advance(60_000);
  expect(it.shipper.stats()).toMatchObject({ requests: 1, delivered: 1, rejected: 3 });
});

test('while the receiver is away every segment is delivered, spilled, waiting or counted', async () => {
  for (const spills of [false, true]) {
    const it = world([undefined], { spills, queueBytes: 50 });
    let given = 0;
    for (let i = 0; i < 40; i++) {
      it.shipper.add([segment(`s${i}`)]);
      given++;
      await it.advance(1000);
    }
    const { delivered, refused, away, spilled, waiting, dropped } = it.shipper.stats() as Record<string, number>;
    expect((delivered ?? 0) + (refused ?? 0) + (away ?? 0) + (spilled ?? 0) + (waiting ?? 0) + (dropped ?? 0)).toBe(given);
    expect(it.spilled).toHaveLength(spilled ?? 0);
    expect(waiting).toBeLessThanOrEqual(10);
    expect(spills ? spilled : away).toBeGreaterThan(0);
  }
});

test('what is too large for a receiver is sent again in halves, down to what cannot be divided', async () => {
  const large: Answer = { status: 413, body: 'too large' };
  const it = world([large, large, OK, OK, large, OK], { together: true, spills: true });
  it.shipper.add(['a', 'b', 'c', 'd'].map((name) => segment(name)));
  await it.advance(60_000);
  expect(sent(it)).toEqual(['a+b+c+d', 'a+b', 'a', 'b', 'c+d', 'c', 'd']);
  const alone = world([large], { spills: true });
  alone.shipper.add([segment('a')]);
  await alone.advance(60_000);
  expect(alone.spilled).toEqual(['HTTP 413\ntoo large']);
  expect([it.shipper.stats(), alone.shipper.stats()]).toMatchObject([
    { delivered: 4, refused: 0 },
    { delivered: 0, refused: 1 },
  ]);
});

test('what no request can be made of, and what ended the worker, is kept and not sent again', async () => {
  const loads = ['unreadable', 'crashed'] as const;
  let index = 0;
  const carrier = { loadBytes: 10, load: async () => loads[index++] ?? [], unload: () => {}, stats: () => ({}), close: () => {} };
  const it = world([OK], { spills: true, carrier });
  it.shipper.add(['a', 'b'].map((name) => segment(name)));
  await it.advance(60_000);
  expect(it.spilled).toEqual(['a: they could not be converted', 'b: the worker ended while it converted them']);
  expect(it.shipper.stats()).toMatchObject({ encode: 2, waiting: 0 });
});

test('a segment that is larger than the queue is kept and not sent, and what waits stays in its place', async () => {
  const it = world([OK], { spills: true });
  it.shipper.add([segment('small')]);
  it.shipper.add([segment('huge', 101)]);
  await it.advance(60_000);
  expect(it.spilled).toEqual(['huge: 101 bytes are more than queueBytes']);
  expect(sent(it)).toEqual(['small']);
});

test('a clock that is set back does not lengthen a flush, nor stop the sending', async () => {
  const it = world(['hang'], { spills: true });
  it.shipper.add([segment('a')]);
  let done = false;
  void it.shipper.flush(NOW + 2000).then(() => {
    done = true;
  });
  it.setBack(3_600_000);
  await it.advance(2000);
  expect(done).toBe(true);
  const retried = world([undefined, OK]);
  retried.shipper.add([segment('a')]);
  await retried.advance(1000);
  retried.setBack(3_600_000);
  await retried.advance(2000);
  expect(retried.shipper.stats()).toMatchObject({ delivered: 1, retries: 1 });
});

test('a flush sends at once, keeps the process alive until then, and no longer than its deadline', async () => {
  const quick = world([OK]);
  quick.shipper.add([segment('a')]);
  await quick.shipper.flush(NOW + 2000);
  expect(quick.shipper.stats()).toMatchObject({ delivered: 1 });

  const hanging = world(['hang']);
  hanging.shipper.add([segment('a')]);
  let done = false;
  void hanging.shipper.flush(NOW + 2000).then(() => {
    done = true;
  });
  await hanging.advance(1999);
  expect([done, hanging.held]).toEqual([false, 1]);
  await hanging.advance(1);
  expect([done, hanging.held]).toEqual([true, 0]);
});

test('a flush makes no attempt that would begin after its deadline', async () => {
  const it = world([undefined], { spills: true });
  it.shipper.add([segment('a')]);
  const flushed = it.shipper.flush(NOW + 2000);
  await it.advance(10_000);
  await flushed;
  expect(it.times).toEqual([0, 1000]);
  expect(it.spilled).toEqual(['a']);
});

test('at the exit what waits and what is on its way is put away at once', () => {
  const it = world(['hang'], { spills: true });
  it.shipper.add([segment('a'), segment('b')]);
  void it.shipper.flush(NOW + 2000);
  it.shipper.exit();
  it.shipper.add([segment('c')]);
  expect(it.spilled).toEqual(['a', 'b', 'c']);
  expect(it.shipper.stats()).toMatchObject({ spilled: 3, waiting: 0 });
});

/** A carrier as in a page: requests of one segment each, of which `room` may outlive it. */
function pageWorld(answers: readonly (Answer | undefined | 'hang')[], room: number): World {
  let started = 0;
  const carrier = localCarrier(
    { name: 'test', headers: {}, parcels: (segments) => segments.map((each) => parcelOf([each])) },
    { timeoutMs: 10_000, compression: 'none' },
    ({ body }) => {
      it.requests.push({ url: '', headers: {}, body, compression: 'none', timeoutMs: 0 });
      return { answer: answers[it.requests.length - 1] === 'hang' ? new Promise(() => {}) : Promise.resolve(OK), hold: () => {} };
    },
  );
  const inPage = (each: Consignment): Consignment => ({
    ...each,
    outlives: () => started < room,
    send: () => {
      started++;
      return each.send();
    },
  });
  const it = world([OK], {
    carrier: {
      ...carrier,
      load: async (segments, hurried) => {
        const loaded = await carrier.load(segments, hurried);
        return typeof loaded === 'string' ? loaded : loaded.map(inPage);
      },
      loadNow: (segments) => (carrier.loadNow?.(segments) as readonly Consignment[]).map(inPage),
    },
  });
  return it;
}

test('a hidden page sends at once what may outlive it, and when it goes on the rest, each once', async () => {
  const it = pageWorld([], 2);
  it.shipper.add(['a', 'b', 'c', 'd'].map((name) => segment(name)));
  it.shipper.hide();
  // `c` is sent as always, one request at a time: the page may live.
  expect(sent(it)).toEqual(['a', 'b', 'c']);
  expect(it.shipper.stats()).toMatchObject({ noRoom: 2, waiting: 4 });
  await it.advance(10_000);
  expect(sent(it)).toEqual(['a', 'b', 'c', 'd']);
  expect(it.shipper.stats()).toMatchObject({ delivered: 4, waiting: 0, skipped: 0, away: 0, dropped: 0 });
});

test('what waits behind a request without an answer goes when the page is hidden', async () => {
  const it = pageWorld(['hang'], 10);
  it.shipper.add(['a', 'b', 'c'].map((name) => segment(name)));
  await it.advance(2000);
  expect(sent(it)).toEqual(['a']);
  it.shipper.add([segment('d')]);
  it.shipper.hide();
  expect(sent(it)).toEqual(['a', 'b', 'c', 'd']);
  await it.advance(0);
  expect(it.shipper.stats()).toMatchObject({ delivered: 3, waiting: 1, skipped: 0, noRoom: 0 });
  it.shipper.hide();
  expect(sent(it)).toEqual(['a', 'b', 'c', 'd']);
});
