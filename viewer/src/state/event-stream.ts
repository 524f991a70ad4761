/** Server-Sent Events from a stream of bytes. `EventSource` cannot send the token, so the page reads the stream of a fetch. */

export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/** Events as they come, until the stream ends. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let event = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A line is whole once its end is there; a CR at the end may be half of one.
      for (let end = lineEnd(rest); end !== undefined; end = lineEnd(rest)) {
        const line = rest.slice(0, end.at);
        rest = rest.slice(end.next);
        if (line === '') {
          if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') };
          event = '';
          data = [];
          continue;
        }
        const [, field, text] = /^([^:]*):? ?(.*)$/s.exec(line)!;
        if (field === 'event') event = text!;
        else if (field === 'data') data.push(text!);
      }
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

function lineEnd(text: string): { readonly at: number; readonly next: number } | undefined {
  const at = text.search(/[\r\n]/);
  if (at < 0) return undefined;
  if (text[at] === '\n') return { at, next: at + 1 };
  if (at + 1 === text.length) return undefined;
  return { at, next: at + (text[at + 1] === '\n' ? 2 : 1) };
}
