import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useRealCommand } from './real-command.ts';
import type { RunningCommand } from './real-command.ts';
import { segment, traceFile, traceIdOf } from './sample-traces.ts';

const work = useRealCommand();
const serve = (...args: string[]): Promise<RunningCommand> => work.start('serve', '--port', '0', ...args);

async function stored(server: RunningCommand): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let cursor = ''; ; ) {
    const page = (await (await server.get(`/api/traces?limit=1000${cursor}`)).json()) as { traces: { traceId: string }[]; next?: string };
    for (const { traceId } of page.traces) ids.add(traceId);
    if (page.next === undefined) return ids;
    cursor = `&cursor=${page.next}`;
  }
}

describe('what the command loads', () => {
  const imported = (name: string): string[] =>
    [...readFileSync(join(dirname(work.program), name), 'utf8').matchAll(/^import .*from "([^."][^"]*)";$/gm)].map(([, from = '']) => from);

  it('is no parser and no database before somebody asks for them, so that it is there at once', () => {
    expect(imported('captureflow.js').filter((from) => !from.startsWith('node:'))).toEqual(['commander', 'markdown-table']);
    expect(imported('read-thread.js').filter((from) => !from.startsWith('node:'))).toEqual([]);
    expect(imported('store-thread.js')).toContain('node-sqlite3-wasm');
    expect(imported('view-thread.js')).not.toContain('node-sqlite3-wasm');
  });
});

describe('captureflow serve, as a process', () => {
  it('has every trace that it acknowledged after kill -9 in the middle of a flood, and can be started again at once', async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const server = await serve();
      let number = 1 + round * 100_000;
      let alive = true;
      const send = async (): Promise<void> => {
        while (alive) {
          const ids = Array.from({ length: 20 }, () => number++);
          try {
            const answer = await fetch(`${server.base}/api/segments`, {
              method: 'POST',
              body: traceFile(...ids.map((id) => segment(id, { texts: [`text ${id}`] }))),
            });
            if (answer.status !== 200) throw new Error(`status ${answer.status}: ${await answer.text()}`);
            await answer.arrayBuffer();
            for (const id of ids) acknowledged.add(traceIdOf(id));
          } catch (error) {
            if (alive) throw error;
          }
        }
      };
      const senders = [send(), send(), send(), send()];
      const enough = acknowledged.size + 1000;
      while (acknowledged.size < enough) await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), ...senders]);
      alive = false;
      expect(await server.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
      await Promise.all(senders);
    }
    const server = await serve();
    const ids = await stored(server);
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(3000);
    const { traces } = (await (await server.get('/api/traces?text=text&limit=1')).json()) as { traces: { id: string }[] };
    expect((await server.get(`/api/traces/${traces[0]?.id}/head`)).status).toBe(200);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });

  it('keeps traces and token over a restart', async () => {
    const first = await serve();
    await fetch(`${first.base}/api/segments`, { method: 'POST', body: traceFile(segment(1)) });
    const { token } = first;
    expect(await first.stop('SIGINT')).toEqual({ code: 0, signal: null });
    const second = await serve();
    expect([second.token, [...(await stored(second))]]).toEqual([token, [traceIdOf(1)]]);
  });

  it('refuses a store that another process has open, in one sentence', async () => {
    await serve();
    await expect(serve()).rejects.toThrow(
      /captureflow: another collector has .*collector\.db open; stop it, or name another file with --db\n$/,
    );
  });

  it('says what is wrong with a file that is no store, in one sentence, and leaves it as it was', async () => {
    writeFileSync(join(work.folder, 'notes.txt'), 'my notes, '.repeat(1000));
    await expect(serve('--db', 'notes.txt')).rejects.toThrow(
      /^it ended with 1: captureflow: .*notes\.txt is no SQLite database; name another file with --db\n$/,
    );
    expect(readFileSync(join(work.folder, 'notes.txt'), 'utf8')).toBe('my notes, '.repeat(1000));
  });

  it('says which port it took instead of the one that was taken', async () => {
    const first = await serve();
    const port = Number(new URL(first.base).port);
    const second = await work.start('serve', '--port', String(port), '--db', 'other.db');
    expect(second.out).toContain(`Port ${port} is taken: this is `);
    expect(new URL(second.base).port).not.toBe(String(port));
  });
});
