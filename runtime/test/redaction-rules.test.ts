import { afterEach, describe, expect, it } from 'vitest';
import { SiteKind } from '@captureflow/trace/metadata';
import { memoryExporter, runRoot, start, stats, stop, annotate } from '../src/index.ts';
import { checkOptions } from '../src/options.ts';
import type { RedactionRules } from '../src/redaction-rules.ts';
import { recorderStats } from '../src/recorder.ts';
import { functions, plain, R, record } from './recorder-harness.ts';
import type { Recording } from './recorder-harness.ts';

const HIDDEN = '[redacted]';
const CARD = Number(['4111', '1111', '1111', '1111'].join(''));
/** As people make passwords; in parts, so that no scanner of committed text takes it for a real one. */
const PASSWORD = ['correct', '7', 'horse!'].join('');

const f = functions({
  save: {
    parameters: ['id', '*token', 'user', 'list'],
    bindings: ['*secret', 'order', 'user'],
    sites: [
      [SiteKind.EXIT, 2, [0, 1, 2]],
      [SiteKind.LINE, 3, [2]],
    ],
  },
});

let recording: Recording | undefined;
afterEach(async () => {
  recording?.stop();
  recording = undefined;
  await stop();
});

/** Arguments (`id`, `user`, `list`), locals at the exit (`order`, `user`) and result of one call, as they were captured. */
function call(
  redact: RedactionRules,
  args: readonly [unknown, unknown, unknown],
  locals: readonly [unknown, unknown] = [0, 0],
  result?: unknown,
): unknown {
  recording = record({ redact, objects: 'all' });
  const s = R.enter3(f.save, 0, ...args);
  R.values2(s, 0, ...locals);
  R.exit(s, result);
  const span = recording.trace().spans[0];
  recording.stop();
  recording = undefined;
  const named = (values: readonly { name: string; value: unknown }[] = []): object =>
    Object.fromEntries(values.map(({ name, value }) => [name, plain(value as never)]));
  const outcome = span?.outcome;
  return {
    args: named(span?.args),
    locals: named(span?.locals),
    result: outcome?.kind === 'returned' && outcome.value !== undefined ? plain(outcome.value) : undefined,
  };
}

function args(value: unknown, redact: RedactionRules = {}): unknown {
  return (call(redact, [value, 0, 0]) as { args: { id: unknown } }).args.id;
}

describe('the lists of the option redact', () => {
  it('hide keys that are denied, however they are written, with parts left open', () => {
    const value = { customerNote: 1, CUSTOMERNOTE: 2, note: 3, internal_note: 4, notes: 5, nested: [{ customernote: 6 }] };
    expect(args(value, { deny: ['customerNote', '*_note'] })).toEqual({
      customerNote: HIDDEN,
      CUSTOMERNOTE: HIDDEN,
      note: 3,
      internal_note: HIDDEN,
      notes: 5,
      nested: [{ customernote: HIDDEN }],
    });
  });

  it('show keys that are allowed, but for what is denied and for secrets in their texts', () => {
    const value = { pin: 'map', token: 'word', password: 'x', tokens: [`password=${PASSWORD}`] };
    expect(args(value, { allow: ['pin', 'token*', 'password'], deny: ['password'] })).toEqual({
      pin: 'map',
      token: 'word',
      password: HIDDEN,
      tokens: ['password=[redacted]'],
    });
  });

  it('hide and show what lies at a path of keys, through lists and Maps', () => {
    const address = { street: 'a', city: 'b' };
    const value = {
      user: { name: 'ann', address },
      users: [{ address: { street: 'c' } }],
      company: { address: { street: 'd' } },
      parser: { token: 'word', password: 'x' },
    };
    expect(args(value, { deny: ['user.address.*', 'users.address'], allow: ['parser.token'] })).toEqual({
      user: { name: 'ann', address: { street: HIDDEN, city: HIDDEN } },
      users: [{ address: HIDDEN }],
      company: { address: { street: 'd' } },
      parser: { token: 'word', password: HIDDEN },
    });
    expect(args(new Map([['user', new Map([['address', { street: 'a' }]])]]), { deny: ['user.address'] })).toEqual([
      ['user', [['address', HIDDEN]]],
    ]);
  });

  it('know parameters and variables as beginnings of paths, whatever stands before them', () => {
    const user = { name: 'ann', address: { street: 'a' } };
    expect(
      call({ deny: ['user.address', 'list.name', 'order.lines.sku'] }, [user, user, [user]], [{ lines: [{ sku: 1, n: 2 }] }, user], user),
    ).toEqual({
      args: {
        id: user,
        token: HIDDEN,
        user: { name: 'ann', address: HIDDEN },
        list: [{ name: HIDDEN, address: { street: 'a' } }],
      },
      locals: { secret: HIDDEN, order: { lines: [{ sku: HIDDEN, n: 2 }] }, user: { name: 'ann', address: HIDDEN } },
      result: user,
    });
  });

  it('forget the path of one value before the next', () => {
    expect(call({ deny: ['address.street'] }, [{ address: { city: 'a' } }, [[{ street: 'b' }]], { other: { street: 'c' } }])).toMatchObject(
      {
        args: { id: { address: { city: 'a' } }, user: [[{ street: 'b' }]], list: { other: { street: 'c' } } },
      },
    );
  });
});

describe('attributes of roots', () => {
  it('are hidden and shown by the same names, whenever they are set', async () => {
    const memory = memoryExporter();
    start({ exporters: [memory], redact: { deny: ['customer*'], allow: ['token'] }, http: false, signals: false, budget: 1 });
    runRoot({ name: 'job', attributes: { customerId: 'c-1', token: 't-1', password: 'p-1', deep: { customerName: 'c-2' } } }, (root) => {
      if (root !== undefined) Object.assign(root.attributes, { customerLate: 'c-3', late: 'l-1' });
    });
    await stop();
    const all = memory
      .segments()
      .map(({ bytes }) => Buffer.from(bytes).toString('latin1'))
      .join('');
    expect(all).not.toMatch(/c-[123]|p-1/);
    expect(all).toMatch(/t-1.*l-1/);
  });
});

describe('values that are secrets by themselves', () => {
  it('card numbers that are numbers or bigints are hidden, other numbers are not', () => {
    const others = [CARD + 1, 1_763_712_000_000, 1_763_712_000_000_000, 2 ** 53, 30_000_000_000_004.5, -CARD];
    expect(args([CARD, BigInt(CARD), BigInt(CARD) + 1n, ...others])).toEqual([HIDDEN, HIDDEN, BigInt(CARD) + 1n, ...others]);
    expect(args(CARD)).toBe(HIDDEN);
    expect(args({ number: CARD })).toEqual({ number: HIDDEN });
  });

  it('the value beside a sensitive name is hidden', () => {
    expect(args([{ name: 'password', value: 'x' }, { key: 'sid', value: 'y' }, { name: 'theme', value: 'dark' }, { value: 1 }])).toEqual([
      { name: 'password', value: HIDDEN },
      { key: 'sid', value: HIDDEN },
      { name: 'theme', value: 'dark' },
      { value: 1 },
    ]);
  });

  it('Map keys that are sensitive hide their values, symbols too', () => {
    expect(
      args(
        new Map<unknown, unknown>([
          ['apiKey', 1],
          [Symbol('password'), 2],
          ['a', 3],
        ]),
      ),
    ).toMatchObject([
      ['apiKey', HIDDEN],
      [expect.anything(), HIDDEN],
      ['a', 3],
    ]);
  });

  it('bytes that are text end before a secret in it, in one, two or four bytes a sign', () => {
    const text = `user=ann password=${PASSWORD} and more`;
    const shown = 'user=ann password=';
    const head = (value: unknown): string => {
      recording = record({ objects: 'all' });
      R.exit(R.enter3(f.save, 0, value, 0, 0), 0);
      const captured = recording.trace().spans[0]?.args[0]?.value;
      recording.stop();
      recording = undefined;
      return captured?.kind === 'buffer'
        ? Buffer.from(captured.head, 'hex').toString('latin1').replaceAll('\0', '')
        : String(captured?.kind);
    };
    expect(head(Buffer.from(text))).toBe(shown);
    expect(head(new TextEncoder().encode(text).buffer)).toBe(shown);
    expect(head(new DataView(new TextEncoder().encode(text).buffer))).toBe(shown);
    expect(head(Buffer.from(text.slice(9), 'utf16le'))).toBe('password=');
    expect(head(Uint16Array.from(text, (sign) => sign.charCodeAt(0)))).toBe('redacted');
    expect(head(Int8Array.from(text, (sign) => sign.charCodeAt(0)))).toBe('redacted');
    expect(head(Buffer.from(`${'x'.repeat(20)} Bearer ${'a1B2'.repeat(8)}`))).toBe(`${'x'.repeat(20)} Bearer `);
    expect(head(Buffer.from('nothing to hide in these bytes at all'))).toBe('nothing to hide in these bytes a');
  });
});

describe('the rule for texts', () => {
  async function recorded(redact: RedactionRules, work: () => void, redactDefaults: boolean = true): Promise<string> {
    const memory = memoryExporter();
    start({ exporters: [memory], redact, redactDefaults, http: false, signals: false, budget: 1, objects: 'all' });
    runRoot({ name: 'job of ann', attributes: { by: 'ann', n: CARD } }, work);
    await stop();
    return memory
      .segments()
      .map(({ name, bytes }) => `${name} ${Buffer.from(bytes).toString('latin1')}`)
      .join('\n');
  }

  it('decides what is stored of each text, after the built-in rules', async () => {
    const seen: string[] = [];
    const text = (found: string): string => {
      seen.push(found);
      return found.replaceAll('ann', 'N.N.');
    };
    const all = await recorded({ text }, () => annotate({ 'key of ann': [`password=${PASSWORD} of ann`, new Error('about ann')] }));
    expect(all).toContain('job of N.N.');
    expect(all).toContain('key of N.N.');
    expect(all).toContain('password=[redacted] of N.N.');
    expect(all).toContain('about N.N.');
    expect(all).not.toMatch(/\bann\b/);
    expect(all).not.toContain(String(CARD));
    expect(seen.join('\n')).not.toContain(PASSWORD);
  });

  it('sees a text as it was cut, hides it when it throws or gives no text, and that is counted', async () => {
    const before = recorderStats().dropped['redaction'] as number;
    let longest = 0;
    const text = (found: string): string => {
      longest = Math.max(longest, found.length);
      if (found === 'worst') throw new Error('no');
      return found === 'odd' ? (5 as unknown as string) : found;
    };
    const all = await recorded({ text }, () => annotate(['worst', 'odd', 'x'.repeat(5000)]));
    expect(all).toContain('[redacted]');
    expect(all).not.toMatch(/worst|odd/);
    expect(longest).toBeLessThan(1000);
    expect((stats().dropped['redaction'] as number) - before).toBe(2);
  });

  it('also runs where the built-in rules are off', async () => {
    const all = await recorded({ text: (found) => found.replace('ann', '…') }, () => annotate(`password=${PASSWORD} ann`), false);
    expect(all).toContain(`password=${PASSWORD}`);
    expect(all).not.toContain('ann');
  });
});

describe('the option redact', () => {
  it.each<[unknown, string]>([
    [5, 'option "redact" must be a function or lists such as { deny: ["customerNote"] }'],
    [{ denied: [] }, 'option "redact.denied" is unknown; valid are deny, allow, name, text'],
    [{ deny: 'a' }, 'option "redact.deny" must be an array of names and paths'],
    [{ allow: [1] }, 'option "redact.allow[0]" must be a string'],
    [{ deny: ['a', 'a..b'] }, 'option "redact.deny[1]" must be a name or names with a dot between: "user.address.*"'],
    [{ deny: [''] }, 'option "redact.deny[0]" must be a name or names with a dot between'],
    [{ text: 'x' }, 'option "redact.text" must be a function'],
  ])('is refused as %j, with the path of the key', (redact, message) => {
    expect(() => checkOptions({ redact })).toThrow(message);
  });

  it('takes lists, functions and a bare function for names', () => {
    const options = { redact: { deny: ['a', 'a.*.b'], allow: [], name: () => false, text: (text: string) => text } };
    expect(checkOptions(options)).toBe(options);
    expect(checkOptions({ redact: () => true })).toHaveProperty('redact');
  });
});
