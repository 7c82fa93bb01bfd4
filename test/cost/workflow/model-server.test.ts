import { describe, expect, it } from 'vitest';
import { modelServer } from '../../../src/cost/workflow/model-server.ts';
import type { StepServer } from '../../../src/cost/workflow/step-server.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { curveOf, measuredCurve } from '../fleet/sketch-curve.ts';
import { exact, sketchOption } from '../whatif/sketch-option.ts';
import { sketchWorkflow } from './sketch-workflow.ts';

function stepOf(keys: object) {
  const [step] = sketchWorkflow({ name: 'read', model: 'cnn', ...keys }).steps;
  if (step === undefined) throw new Error('no step');
  return step;
}

/** Mean of many calls. */
function meanMs({ time }: StepServer, tokens = { input: 0, output: 0 }): number {
  const draw = time?.drawer(createRandom(1)) ?? (() => Number.NaN);
  let sum = 0;
  for (let call = 0; call < 20_000; call++) sum += draw(tokens);
  return sum / 20_000;
}

describe('modelServer', () => {
  const option = sketchOption({ usdPerMillion: { value: 2, low: 1, high: 4 } });

  it('charges a call what an item costs, and the fixed price that the file adds', () => {
    const server = modelServer(stepOf({ usd: 0.5 }), { label: 'cnn.onnx', option, curve: measuredCurve() });
    expect(server).toMatchObject({ serves: 'cnn.onnx (c7i.2xlarge, on-demand)', priceDate: '2026-07-20' });
    expect(server.usdPerCall).toEqual({
      value: expect.closeTo(0.500_002, 12),
      low: expect.closeTo(0.500_001, 12),
      high: expect.closeTo(0.500_004, 12),
    });
    expect(server.usdPerInputToken.value).toBe(0);
  });

  it('takes the time of a run of the chosen batch where there is no load', () => {
    // τ(8) = 13.5 ms, half as long on that machine, and up to 1.2 of it in single runs.
    const curve = measuredCurve(curveOf({ ratios: [0.9, 1, 1.2] }));
    const projection = { reach: 'same-isa', factor: 0.5, low: 0.4, high: 0.8, ratios: null } as const;
    const projected = sketchOption({ projection, itemsPerSecond: { value: 100, low: 50, high: 125 } });
    const server = modelServer(stepOf({}), { label: 'cnn.onnx', option: projected, curve });
    expect(meanMs(server) / (6.75 * (3.1 / 3))).toBeCloseTo(1, 2);
    expect(server.time).toMatchObject({ low: 0.8, high: 2 });
  });

  it('takes the latency of the fleet where there is one', () => {
    const figures = { p50Ms: exact(8), p99Ms: exact(40), objectiveMs: exact(40), method: 'simulated' } as const;
    const latencyMs = { ...figures, meanMs: { value: 11, low: 9.9, high: 13.2 } };
    const served = { label: 'cnn.onnx', option: sketchOption({ latencyMs }), curve: measuredCurve() };
    const server = modelServer(stepOf({}), served);
    expect(meanMs(server) / 11).toBeCloseTo(1, 1);
    expect(server.time?.low).toBeCloseTo(0.9, 12);
    expect(server.time?.high).toBeCloseTo(1.2, 12);
  });

  it('has times without bounds where one round was measured', () => {
    const single = sketchOption({ itemsPerSecond: { value: 100, low: null, high: null } });
    const server = modelServer(stepOf({}), { label: 'cnn.onnx', option: single, curve: measuredCurve() });
    expect(server.time).toMatchObject({ low: null, high: null });
    expect(meanMs(server)).toBeCloseTo(13.5, 9);
  });

  it('charges and takes as long as its tokens do for a model that writes', () => {
    // Measured a token at a time, 20 ms each; reading is 100 times as fast.
    const tokens = { inputPerSecond: exact(5000), outputPerSecond: exact(50), prompt: 0, generated: 1 };
    const curve = measuredCurve(curveOf({ tau0Ms: 20, alphaMs: 0, largestBatch: 1 }), { tokens });
    const single = sketchOption({ batch: 1, usdPerMillion: exact(2), itemsPerSecond: exact(50) });
    const server = modelServer(stepOf({ input: 100, output: 30 }), { label: 'llm.onnx', option: single, curve });
    expect(server.usdPerCall.value).toBe(0);
    expect(server.usdPerOutputToken.value).toBeCloseTo(2e-6, 15);
    expect(server.usdPerInputToken.value).toBeCloseTo(2e-8, 15);
    // 30 tokens of 20 ms, and 100 read at 5,000 a second.
    expect(meanMs(server, { input: 100, output: 30 })).toBeCloseTo(620, 6);
  });
});
