import { describe, expect, it } from 'vitest';
import { readEvents, type StreamEvent } from '../src/state/event-stream.ts';

async function read(...pieces: readonly (string | Uint8Array)[]): Promise<StreamEvent[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

describe('the stream of live events', () => {
  it('gives events with name and data, whatever way the bytes are cut', async () => {
    const text = 'event: trace\ndata: {"id":"1"}\n\n: still here\n\nevent: gone\r\ndata: {"id":"ü"}\r\n\r\n';
    const whole = [
      { event: 'trace', data: '{"id":"1"}' },
      { event: 'gone', data: '{"id":"ü"}' },
    ];
    expect(await read(text)).toEqual(whole);
    expect(await read(...[...new TextEncoder().encode(text)].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('joins lines of data and names an event without a name message', async () => {
    expect(await read('data: a\ndata: b\n\n')).toEqual([{ event: 'message', data: 'a\nb' }]);
  });

  it('gives no event that was cut off', async () => {
    expect(await read('event: trace\ndata: {"id"')).toEqual([]);
  });
});
