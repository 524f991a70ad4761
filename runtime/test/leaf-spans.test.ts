import { channel, tracingChannel } from 'node:diagnostics_channel';
import { createServer, get } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { onTrace, OptionsError, runRoot, start, stop, trace } from '../src/index.ts';
import type { Channels, Trace } from '../src/index.ts';
import { atEnd, listen } from './request-harness.ts';

afterEach(() => stop());

function record(channels: Channels): Trace[] {
  const traces: Trace[] = [];
  atEnd(onTrace((each) => void traces.push(each)));
  start({ exporters: [], budget: 1, objects: 'all', http: false, signals: false, channels });
  return traces;
}

/** Spans with their parents: number, parent, name, first values as text, outcome. */
function told(traces: readonly Trace[], root: string): unknown[] {
  const found = traces.find((each) => each.root.name === root);
  return (found?.spans ?? []).map(({ number, parent, function: { name }, args, outcome }) => [
    number,
    parent,
    name,
    args.flatMap(({ value }) => (value.kind === 'string' || value.kind === 'number' ? [value.value] : [])),
    outcome.kind === 'returned' && outcome.value !== undefined && 'value' in outcome.value ? outcome.value.value : outcome.kind,
  ]);
}

const library = tracingChannel('mysql2:query');
const own = tracingChannel<unknown, object>('shop:stock');
const leaf = trace('leaf', () => 'leaf');
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

test('calls of a library that return, throw, resolve, reject and call back are spans under their caller, in their own order', async () => {
  const traces = record(true);
  const message = (query: string): object => ({ query, database: 'shop', values: ['secret'], serverAddress: 'db', serverPort: 1 });
  const calls = trace({ name: 'calls', settled: true }, async () => {
    library.traceSync(() => leaf(), message('sync'));
    leaf();
    expect(() =>
      library.traceSync(() => {
        throw new Error('no');
      }, message('throws')),
    ).toThrow('no');
    const slow = library.tracePromise(async () => {
      await pause();
      return 'rows';
    }, message('resolves'));
    const failing = library.tracePromise(async () => {
      await pause();
      throw new TypeError('no');
    }, message('rejects'));
    leaf();
    expect(await slow).toBe('rows');
    await expect(failing).rejects.toThrow('no');
    await new Promise<void>((resolve) => {
      const done = (_error: unknown, rows: string): void => {
        expect(rows).toBe('called back');
        resolve();
      };
      library.traceCallback(
        (callback: typeof done) => void setTimeout(() => callback(null, 'called back'), 1),
        0,
        message('calls back'),
        undefined,
        done,
      );
    });
  });
  await runRoot('request', calls);
  await stop();
  const shown = (query: string): unknown[] => [query, 'shop', 'db', 1];
  expect(told(traces, 'request')).toEqual([
    [1, 0, 'calls', [], 'returned'],
    [2, 1, 'mysql2:query', shown('sync'), 'leaf'],
    [3, 2, 'leaf', [], 'leaf'],
    [4, 1, 'leaf', [], 'leaf'],
    [5, 1, 'mysql2:query', shown('throws'), 'threw'],
    [6, 1, 'mysql2:query', shown('resolves'), 'rows'],
    [7, 1, 'mysql2:query', shown('rejects'), 'threw'],
    [8, 1, 'leaf', [], 'leaf'],
    // Behind an await of a function that is only wrapped, the root is all that is known; compiled ones are on the stack again.
    [9, 0, 'mysql2:query', shown('calls back'), 'called back'],
  ]);
  expect(JSON.stringify(traces)).not.toContain('secret');
});

test('a channel of the program itself shows its message; one that is not named shows nothing', async () => {
  const traces = record(['shop:stock']);
  runRoot('request', () => {
    own.traceSync(() => 7, { item: 'tea' });
    library.traceSync(() => 7, {});
  });
  await stop();
  expect(told(traces, 'request')).toEqual([[1, 0, 'shop:stock', [], 7]]);
  expect(traces[0]?.spans[0]?.args[0]).toMatchObject({ name: 'message', value: { kind: 'object' } });
});

test('what a library does outside of every root is nobody’s, and without the option nobody listens', async () => {
  const traces = record(true);
  library.traceSync(() => 7, {});
  await stop();
  expect(traces).toEqual([]);
  record(false);
  expect(channel('tracing:mysql2:query:start').hasSubscribers).toBe(false);
});

test('requests by fetch and by node:http are spans that end with the head of the answer, without the query', async () => {
  const traces = record(true);
  const port = await listen(
    createServer((incoming, response) => response.writeHead(incoming.url?.startsWith('/none') === true ? 404 : 200).end('yes')),
  );
  const base = `http://127.0.0.1:${port}`;
  await runRoot('request', async () => {
    await (await fetch(`${base}/some?token=secret`, { headers: { connection: 'close' } })).text();
    await new Promise<void>((resolve) =>
      get(`${base}/none?token=secret`, { agent: false }, (response) => response.resume().on('end', resolve)),
    );
    await expect(fetch('http://127.0.0.1:1/')).rejects.toThrow();
    await new Promise((resolve) => get('http://127.0.0.1:1/', { agent: false }).on('error', resolve));
  });
  await stop();
  const spans = told(traces, 'request');
  expect(spans.slice(0, 2)).toEqual([
    [1, 0, 'fetch', ['GET', base, '/some'], 200],
    [2, 0, 'http.request', ['GET', 'http://127.0.0.1', '/none'], 404],
  ]);
  expect(spans.slice(2).map((span) => (span as unknown[])[2])).toEqual(expect.arrayContaining(['http.request']));
  expect(JSON.stringify(traces)).not.toContain('secret');
});

test('what a server greets a client with is not shown', async () => {
  const traces = record(true);
  await runRoot('request', () => tracingChannel<unknown, object>('mysql2:connect').tracePromise(async () => 'scramble', { user: 'shop' }));
  await stop();
  expect(told(traces, 'request')).toEqual([[1, 0, 'mysql2:connect', ['shop'], 'returned']]);
});

test('a message that is no object, and a getter in one, do no harm', async () => {
  const traces = record(true);
  let runs = 0;
  const trap = {
    get query() {
      runs++;
      return 'mine';
    },
  };
  runRoot('request', () => {
    for (const message of [undefined, 7, 'text']) channel('tracing:mysql2:query:start').publish(message);
    channel('undici:request:headers').publish({});
    expect(library.traceSync(() => 1, trap)).toBe(1);
  });
  await stop();
  expect(told(traces, 'request')).toHaveLength(1);
  expect(runs).toBe(0);
});

test.each([[[7]], [['']], ['mysql2:query']])('start({ channels: %j }) is refused with the path of the option', (channels) => {
  expect(() => start({ channels: channels as never })).toThrow(OptionsError);
  expect(() => start({ channels: channels as never })).toThrow(/"channels/);
});
