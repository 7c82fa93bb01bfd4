import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeText } from '../../../fixtures/text/characters.ts';
import { emptyCache, tokenFeeds } from '../../../fixtures/text/generate.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { fromOutputs, toFeeds } from '../../../src/runtime/onnxruntime.ts';
import { fixtureBytes } from '../../fixtures/read-fixture.ts';
import { languageDecoder } from '../../models/language-models.ts';
import type { LanguageSpec } from '../../models/language-models.ts';
import { openWriter } from './in-process-writer.ts';

const prompts = (batch: number, length: number) =>
  Array.from({ length: batch }, (_, row) => Array.from({ length }, (_token, at) => (7 * row + 3 * at + 1) % 40));

/** Largest difference of two lists of numbers. */
function difference(a: Float32Array | null, b: Float32Array | null): number {
  if (a === null || b === null || a.length !== b.length) return Infinity;
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? Number.NaN))), 0);
}

describe('the text fixture', () => {
  it('writes what a loop by hand writes, in which every token runs the whole text', async () => {
    const { session, write } = await openWriter(fixtureBytes('text/decoder.onnx'));
    const prompt = encodeText('\nOn a windy day Tom');
    const text = [...prompt];
    for (let made = 0; made < 24; made++) {
      const feeds = toFeeds({ ...tokenFeeds([text], 0), ...emptyCache(1) });
      const { logits } = fromOutputs(await session.run(feeds, ['logits']));
      const last = Array.from(logits?.data ?? [], Number).slice(-96);
      text.push(last.indexOf(Math.max(...last)));
    }
    const { ids } = await write({ prompts: [prompt], newTokens: 24 });
    expect(ids).toEqual([text.slice(prompt.length)]);
    const stories = [prompt, encodeText('\nOne morning Clara '), encodeText('\nThe sun was shini')].map((ids) =>
      ids.slice(0, 17),
    );
    const together = await write({ prompts: stories, newTokens: 24 });
    const alone = await Promise.all(stories.map((story) => write({ prompts: [story], newTokens: 24 })));
    expect(together.ids).toEqual(alone.flatMap((report) => report.ids));
  });
});

describe('small random decoders', () => {
  const spec: fc.Arbitrary<LanguageSpec> = fc.record({
    seed: fc.integer({ min: 1, max: 1000 }),
    heads: fc.constant(4),
    kvHeads: fc.constantFrom(1, 2, 4),
    headSize: fc.constantFrom(4, 8),
    cache: fc.constantFrom('pairs', 'stacked'),
    hasMask: fc.boolean(),
    hasPositions: fc.boolean(),
    isMerged: fc.boolean(),
    idType: fc.constantFrom('int64', 'int32'),
  });

  it('have the same logits with their cache as without, and as the same model without one', async () => {
    await fc.assert(
      fc.asyncProperty(
        spec,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        async (own, length, batch) => {
          const { write } = await openWriter(encodeModel(languageDecoder(own)));
          const request = { prompts: prompts(batch, length), newTokens: 10, keepLogits: true };
          const cached = await write(request);
          const anew = await write({ ...request, useCache: false, follow: cached.ids });
          expect(difference(cached.logits, anew.logits)).toBeLessThan(1e-4);
          const without = await openWriter(encodeModel(languageDecoder({ ...own, cache: 'none', isMerged: false })));
          expect(without.model.cache).toEqual([]);
          const other = await without.write({ ...request, follow: cached.ids });
          expect(difference(cached.logits, other.logits)).toBeLessThan(1e-4);
          expect(cached.logits).toHaveLength(10 * batch * 40);
        },
      ),
      { numRuns: 24 },
    );
  });

  it('that take one token a run read the prompt one by one', async () => {
    const any = await openWriter(encodeModel(languageDecoder()));
    const one = await openWriter(encodeModel(languageDecoder({ fixedLength: 1 })));
    const request = { prompts: prompts(2, 6), newTokens: 12 };
    expect(one.model.ids.fixedLength).toBe(1);
    expect((await one.write(request)).ids).toEqual((await any.write(request)).ids);
  });

  it('of a fixed length are filled up, and read where the text ends', async () => {
    const any = await openWriter(encodeModel(languageDecoder({ cache: 'none' })));
    for (const hasMask of [true, false]) {
      const fixed = await openWriter(encodeModel(languageDecoder({ cache: 'none', fixedLength: 20, hasMask })));
      const request = { prompts: prompts(2, 6), newTokens: 14 };
      expect((await fixed.write(request)).ids).toEqual((await any.write(request)).ids);
    }
  });

  it('go on with what they are told to follow, and say what they would have written', async () => {
    const { write } = await openWriter(encodeModel(languageDecoder()));
    const [free, [first = 0]] = [await write({ prompts: prompts(1, 4) }), [39]];
    const forced = await write({ prompts: prompts(1, 4), follow: [[first, first, first, first, first, first, first]] });
    expect(forced.ids[0]?.[0]).toBe(free.ids[0]?.[0]);
    const again = await write({ prompts: [[...(prompts(1, 4)[0] ?? []), first]], newTokens: 1 });
    expect(forced.ids[0]?.[1]).toBe(again.ids[0]?.[0]);
  });

  it('stop at a stop token, the batch once all have', async () => {
    const { write } = await openWriter(encodeModel(languageDecoder({ seed: 5 })));
    const free = (await write({ prompts: prompts(2, 5), newTokens: 20 })).ids;
    const [a = [], b = []] = free;
    const stop = a[3] ?? -1;
    const ends = [a, b].map((tokens) => (tokens.includes(stop) ? tokens.indexOf(stop) + 1 : 20));
    const stopped = (await write({ prompts: prompts(2, 5), newTokens: 20, stopIds: [stop] })).ids;
    expect(stopped).toEqual([a.slice(0, ends[0]), b.slice(0, ends[1])]);
  });
});
