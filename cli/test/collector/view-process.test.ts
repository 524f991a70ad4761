import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTrace, decodeSegment, exportFormats, frameSegment } from '@captureflow/trace';
import { beforeEach, describe, expect, it } from 'vitest';
import { useRealCommand } from './real-command.ts';
import type { RunningCommand } from './real-command.ts';
import { captureFlowJson, otlpJson, segment, traceFile } from './sample-traces.ts';

const work = useRealCommand();
const file = (name: string): string => join(work.folder, '.captureflow', name);
const view = (...paths: string[]): Promise<RunningCommand> => work.start('view', '--port', '0', ...paths);

beforeEach(() => mkdirSync(join(work.folder, '.captureflow')));

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly spans: number;
  readonly source: string;
}

async function listed(server: RunningCommand, query: string = ''): Promise<readonly Listed[]> {
  return ((await (await server.get(`/api/traces${query}`)).json()) as { traces: Listed[] }).traces;
}

async function until<T>(ask: () => Promise<T>, fits: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (fits(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const names = (traces: readonly Listed[]): string[] => traces.map(({ name }) => name).sort();

describe('captureflow view, as a process', () => {
  it('shows the traces of the folder, of each format, and says how many', async () => {
    writeFileSync(file('a.cft'), traceFile(segment(1, { name: 'ours', texts: ['needle'] }), segment(1, { name: 'ours', part: 1 })));
    writeFileSync(file('b.json'), JSON.stringify(captureFlowJson(2, { name: 'theirs' })));
    writeFileSync(
      file('c.jsonl'),
      `${JSON.stringify(otlpJson(3, { name: 'spans' }))}\n${JSON.stringify(otlpJson(4, { name: 'more spans' }))}\n`,
    );
    const [plain] = exportFormats.filter(({ name }) => name === 'json');
    writeFileSync(file('d.json'), [...plain!.write([buildTrace([decodeSegment(segment(5, { name: 'plain' }))])])].join(''));
    writeFileSync(file('readme.txt'), 'not looked at');
    const server = await view();
    const traces = await until(
      () => listed(server),
      (all) => all.length === 5,
    );
    expect(traces.map(({ source }) => source).sort()).toEqual(['captureflow', 'json', 'native', 'otlp', 'otlp']);
    expect(traces.find(({ source }) => source === 'native')).toMatchObject({ spans: 2 });
    expect(names(await listed(server, '?text=needle'))).toEqual(['ours']);
    for (const { id } of traces) expect((await server.get(`/api/traces/${id}/head`)).status).toBe(200);
    await until(
      async () => server.out,
      (out) => out.includes('5 traces in 4 files'),
    );
    expect(server.errors).toBe('');
  });

  it('shows what is added to a file, and files that come and go, while it runs', async () => {
    writeFileSync(file('a.cft'), traceFile(segment(1, { name: 'one' })));
    const server = await view();
    const shows = (...wanted: string[]) =>
      until(
        async () => names(await listed(server)),
        (now) => now.join() === wanted.sort().join(),
      );
    await shows('one');
    appendFileSync(file('a.cft'), frameSegment(segment(2, { name: 'two' })));
    await shows('one', 'two');
    writeFileSync(file('b.cft'), traceFile(segment(3, { name: 'three' })));
    await shows('one', 'two', 'three');
    rmSync(file('a.cft'));
    await shows('three');
    writeFileSync(file('b.cft'), traceFile(segment(4, { name: 'x' })));
    await shows('x');
    expect(server.errors).toBe('');
  });

  it('waits for a folder that is not there yet', async () => {
    rmSync(join(work.folder, '.captureflow'), { recursive: true });
    const server = await view();
    await until(
      async () => server.errors,
      (errors) => errors.includes('.captureflow: there is no such file or folder (yet)'),
    );
    mkdirSync(join(work.folder, '.captureflow'));
    writeFileSync(file('a.cft'), traceFile(segment(1)));
    const traces = await until(
      () => listed(server),
      (all) => all.length > 0,
    );
    expect(names(traces)).toEqual(['job']);
  });

  it('says what is wrong with files, where, and shows the rest', async () => {
    const whole = traceFile(segment(1, { name: 'whole' }), segment(2, { name: 'half' }));
    writeFileSync(file('cut.cft'), whole);
    truncateSync(file('cut.cft'), whole.length - 5);
    const broken = traceFile(segment(3, { name: 'before' }), segment(4));
    broken[broken.length - 3] = (broken[broken.length - 3] ?? 0) ^ 255;
    writeFileSync(file('broken.cft'), broken);
    const later = Buffer.from(segment(7));
    later[later.indexOf('"v":') + 4] = '9'.charCodeAt(0);
    const first = traceFile(segment(6, { name: 'of now' }));
    writeFileSync(file('newer.cft'), Buffer.concat([first, frameSegment(later)]));
    writeFileSync(file('foreign.cft'), 'GIF89a and so on');
    writeFileSync(file('profile.json'), JSON.stringify({ nodes: [], samples: [], timeDeltas: [] }));
    writeFileSync(file('empty.cft'), '');
    writeFileSync(file('good.cft'), traceFile(segment(5, { name: 'good' })));
    const server = await view();
    await until(
      async () => server.out,
      (out) => out.includes('4 traces in 7 files'),
    );
    expect(names(await listed(server))).toEqual(['before', 'good', 'of now', 'whole']);
    for (const said of [
      /cut\.cft at byte \d+: the file ends inside a record; what stands before is shown, \d+ bytes/,
      /broken\.cft at byte \d+: the checksum of a record does not fit/,
      /foreign\.cft at byte 0: this is not a CaptureFlow trace file/,
      /profile\.json: this is a V8 CPU profile/,
    ])
      expect(server.errors).toMatch(said);
    const newer = /newer\.cft at byte (\d+): the segment has version 9, this reader knows \d+; this record is left out/.exec(server.errors);
    expect(Number(newer?.[1])).toBeGreaterThan(first.length);
    const { problems } = (await (await server.get('/api/problems')).json()) as { problems: { file: string; code: string }[] };
    expect(problems.map(({ file: name, code }) => `${name} ${code}`).sort()).toEqual(
      expect.arrayContaining([
        '.captureflow/broken.cft BAD_CHECKSUM',
        '.captureflow/cut.cft TRUNCATED',
        '.captureflow/foreign.cft NOT_A_TRACE_FILE',
      ]),
    );
  });

  it('takes nothing: it is a viewer', async () => {
    const server = await view();
    expect((await fetch(`${server.base}/api/segments`, { method: 'POST', body: traceFile(segment(1)) })).status).toBe(401);
    const { token } = server;
    expect(
      (
        await fetch(`${server.base}/api/segments`, {
          method: 'POST',
          body: traceFile(segment(1)),
          headers: { authorization: `Bearer ${token}` },
        })
      ).status,
    ).toBe(405);
  });
});
