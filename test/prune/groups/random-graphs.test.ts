import { expect, it } from 'vitest';
import { numbers, run, tensorOf } from '../../quantize/rewrite/run-models.ts';
import { groupCase, removed } from './group-case.ts';
import { checkRandomGraphs, randomGraph, randomRemoval } from './random-graphs.ts';

it('removes from random graphs what masking would silence', async () => {
  const seen = await checkRandomGraphs({ cases: 300, seed: 6 });
  expect(seen.pruned).toBeGreaterThan(270);
});

it('removes from residual streams too, where that is asked for: what is left runs', async () => {
  let widths = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { model, feeds } = randomGraph(seed);
    const found = await groupCase(model, feeds, { inferred: true, width: true });
    const removal = randomRemoval(found, seed);
    widths += found.groups.filter(({ id, kind }) => kind === 'width' && removal.has(id)).length;
    // A norm over fewer units is another norm: there is nothing to compare with.
    const made = tensorOf(await run(removed(found, removal), feeds), 'y');
    expect(numbers(made).every(Number.isFinite)).toBe(true);
  }
  expect(widths).toBeGreaterThan(5);
});
