import { describe, expect, it } from 'vitest';
import { expectedSteps } from '../../../src/cost/workflow/expected-steps.ts';
import { modelLoad } from '../../../src/cost/workflow/model-load.ts';
import { measuredCurve } from '../fleet/sketch-curve.ts';
import { exact, sketchLoad, sketchOption } from '../whatif/sketch-option.ts';
import { sketchServers, sketchWorkflow } from './sketch-workflow.ts';

function loadOf(
  steps: readonly object[],
  changes: { readonly served?: readonly number[]; readonly tokens?: object } = {},
) {
  const workflow = sketchWorkflow(...steps);
  const load = { ...sketchLoad, cacheHit: 0.5 };
  const tokens = changes.tokens === undefined ? null : generating;
  return modelLoad({
    workflow,
    expected: expectedSteps(workflow, 0.5),
    servers: sketchServers(workflow),
    model: { label: 'cnn', option: sketchOption(), curve: measuredCurve(undefined, { tokens }) },
    steps: changes.served ?? [steps.length - 1],
    load,
    seed: 5,
  });
}

const generating = { inputPerSecond: exact(1000), outputPerSecond: exact(50), prompt: 0, generated: 1 };

function traceOf(load: ReturnType<typeof modelLoad>): Float64Array {
  if (load.arrivals.kind !== 'trace') throw new Error('no trace');
  return load.arrivals.timesMs;
}

describe('modelLoad', () => {
  it('brings calls as requests come where each makes one at most', () => {
    const load = loadOf([
      { name: 'a', latencyMs: 5 },
      { name: 'b', model: 'cnn', probability: 0.5 },
    ]);
    expect(load).toMatchObject({ meanPerSecond: 25, peakPerSecond: 62.5, cacheHit: 0, arrivals: { kind: 'poisson' } });
  });

  it('brings calls at once that are made at once', () => {
    const times = traceOf(loadOf([{ name: 'a', model: 'cnn', fanOut: 4 }]));
    expect(times.length).toBeGreaterThanOrEqual(20_000);
    expect(times[0]).toBe(0);
    // Four at a time, at the rate of the busiest hour that no cache answers: 125 a second.
    for (let i = 0; i < 4000; i += 4) expect(times[i + 3]).toBe(times[i]);
    const perSecond = (1000 * (times.length / 4 - 1)) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
    expect(perSecond / 125).toBeCloseTo(1, 1);
  });

  it('brings calls of later steps when those before them are done', () => {
    const steps = [
      { name: 'a', model: 'cnn' },
      { name: 'wait', latencyMs: 3 },
      { name: 'b', model: 'cnn' },
    ];
    const times = [...traceOf(loadOf(steps, { served: [0, 2] }))];
    const known = new Set(times.map((time) => time.toFixed(6)));
    // Each first call is followed by a second one 3 ms later, and every call is one of a pair.
    const paired = times.filter((time) => known.has((time + 3).toFixed(6)) || known.has((time - 3).toFixed(6)));
    expect(paired).toHaveLength(times.length);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('counts a model that writes by its tokens', () => {
    const load = loadOf([{ name: 'a', model: 'llm', input: 200, output: 30 }], { tokens: generating });
    // 200 / 1,000 s and 30 / 50 s are 40 times 20 ms.
    expect(load.meanPerSecond).toBeCloseTo(50 * 40 * 1, 6);
  });

  it('comes as requests do where steps are hardly ever done', () => {
    const rare = { name: 'a', model: 'cnn', fanOut: 2, probability: 0 };
    expect(loadOf([rare]).arrivals).toEqual({ kind: 'poisson' });
  });
});
