import { describe, expect, it } from 'vitest';
import { buildTrace, saidTexts, skimSegment, summarize } from '../src/index.ts';
import type { Segment } from '../src/index.ts';
import { createRandom, randomValue } from './random.ts';
import { functions, StreamBuilder } from './stream-builder.ts';

const FUNCTIONS = functions({ name: 'a', parameters: ['p', 'q'] }, { name: 'b', parameters: ['p'] });

/** A plain stream: calls with values, pauses, annotations; `thrown`: half of the inner calls end so. */
function plainSegment(seed: number, thrown: boolean, header: Parameters<StreamBuilder['segment']>[0] = {}): Segment {
  const random = createRandom(seed);
  const s = new StreamBuilder().stack(1).time(100);
  const top = s.enterAt(0, 0, 'TOP', randomValue(random), 7);
  for (let i = 0; i < 20; i++) {
    const span = s.enter(1, randomValue(random));
    if (random(3) === 0) s.suspend(span, 'AWAIT').resume(span, 'AWAIT');
    if (thrown && random(2) === 0) s.throw(span, 0, i + 1, randomValue(random));
    else s.exit(span, randomValue(random));
  }
  s.exit(top);
  return s.segment({ functions: FUNCTIONS, ...header });
}

function skimmed(segment: Segment): { summary: unknown; texts: string[] } {
  const texts = new Set<string>();
  const summary = skimSegment(segment, (text) => void texts.add(text));
  return { summary, texts: [...texts].sort() };
}

function built(segment: Segment): { summary: unknown; texts: string[] } {
  const texts = new Set<string>();
  const trace = buildTrace([segment]);
  saidTexts(trace, (text) => void texts.add(text));
  return { summary: summarize(trace), texts: [...texts].sort() };
}

describe('skimming a segment', () => {
  it('says what building its trace says, for 100 random plain streams', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const segment = plainSegment(seed, false);
      expect(skimmed(segment), `seed ${seed}`).toEqual(built(segment));
    }
  });

  it('counts errors where the root tells how it ended, well or not', () => {
    const well = plainSegment(3, true);
    expect(skimmed(well)).toEqual(built(well));
    expect(skimmed(well).summary).toMatchObject({ outcome: 'ok' });
    const segment = plainSegment(3, true, { error: { type: 'Error', message: 'no' } });
    expect(skimmed(segment)).toEqual(built(segment));
    expect(skimmed(segment).summary).toMatchObject({ outcome: 'error' });
  });

  it('leaves alone what only the stack machine can tell', () => {
    const root = { kind: 'event', name: 'click', attributes: {} } as const;
    expect(skimmed(plainSegment(3, true, { root })).summary).toBeUndefined();
    expect(skimmed(plainSegment(3, false, { part: 1 })).summary).toBeUndefined();
    expect(skimmed(new StreamBuilder().stack(1).gap(5).segment({ functions: FUNCTIONS })).summary).toBeUndefined();
  });

  it('leaves alone a stream that makes no sense', () => {
    const segment = plainSegment(5, false);
    const [chunk] = segment.chunks;
    const cut = { header: segment.header, chunks: [{ ...chunk!, refs: [], refsLength: 0 }] };
    expect(skimmed(cut).summary).toBeUndefined();
  });
});
