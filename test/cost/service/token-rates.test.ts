import { describe, expect, it } from 'vitest';
import { pointSchema } from '../../../src/bench/bench-result.ts';
import { fitCurve } from '../../../src/cost/service/fit-curve.ts';
import type { Sweep } from '../../../src/cost/service/sweep.ts';
import type { FittedSweep } from '../../../src/cost/service/token-rates.ts';
import { tokenRates } from '../../../src/cost/service/token-rates.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { estimate } from '../../report/fixture-bench-result.ts';
import { pointOf, sketchedModel, sweepOf } from './sketch-sweep.ts';

const ids = { name: 'input_ids', type: 'int64', shape: ['batch', 'sequence'] };
const past = { name: 'past_key_values.0.key', type: 'float32', shape: ['batch', 4, 'past_sequence', 8] };
const encoder: Sweep['model'] = { ...sketchedModel, inputs: [ids] };
const decoder: Sweep['model'] = { ...sketchedModel, inputs: [ids, past] };

function fitted(model: Sweep['model'], dims: Record<string, number>, perItemMs: number): FittedSweep {
  const times = [1, 1, 1];
  const points = [1, 4].map((batch) =>
    pointOf(
      batch,
      times.map(() => perItemMs * batch),
      { dims: { ...dims, batch } },
    ),
  );
  const sweep = sweepOf({}, { model, dims, points });
  return { sweep, curve: fitCurve(sweep, createRandom(0)) };
}

describe('tokens a second', () => {
  it('are as many as a run of an encoder reads', () => {
    const rates = tokenRates(fitted(encoder, { sequence: 128 }, 2), []);
    expect(rates?.inputPerSecond?.value).toBeCloseTo(64_000, 6);
    expect(rates).toMatchObject({ outputPerSecond: null, prompt: 128, generated: 0 });
  });

  it('are read by a decoder without a past and written one by one after it', () => {
    const reads = fitted(decoder, { sequence: 64, past_sequence: 0 }, 8);
    const writes = fitted(decoder, { sequence: 1, past_sequence: 64 }, 1);
    const rates = tokenRates(writes, [reads, writes]);
    expect(rates?.inputPerSecond?.value).toBeCloseTo(8000, 6);
    expect(rates?.outputPerSecond?.value).toBeCloseTo(1000, 6);
    expect(rates).toMatchObject({ prompt: 0, generated: 1 });
    expect(tokenRates(reads, [])).toMatchObject({ outputPerSecond: null, prompt: 64, generated: 0 });
  });

  it('are not taken from another replica', () => {
    const reads = fitted(decoder, { sequence: 64, past_sequence: 0 }, 8);
    const writes = fitted(decoder, { sequence: 1, past_sequence: 64 }, 1);
    const elsewhere = { ...reads, sweep: { ...reads.sweep, threads: 1 } };
    expect(tokenRates(writes, [elsewhere])?.inputPerSecond).toBeNull();
  });

  it('are what a result says that has measured generation, of one replica', () => {
    const { sweep, curve } = fitted(decoder, { sequence: 64, past_sequence: 0 }, 8);
    const tokens = {
      prompt: 64,
      generated: 32,
      ttftMs: estimate(8),
      tpotMs: estimate(1),
      itlMs: estimate(1),
      prefillTokensPerSecond: estimate(8000, null),
      decodeTokensPerSecond: estimate(1000, null),
    };
    const [first, ...others] = sweep.points;
    const points = first === undefined ? [] : [pointSchema.parse({ ...first, tokens }), ...others];
    expect(tokenRates({ sweep: { ...sweep, instances: 2, points }, curve }, [])).toEqual({
      inputPerSecond: { value: 4000, low: null, high: null },
      outputPerSecond: { value: 500, low: null, high: null },
      prompt: 64,
      generated: 32,
    });
  });

  it('are none of a model without tokens', () => {
    expect(tokenRates(fitted(sketchedModel, {}, 2), [])).toBeNull();
  });
});
