import { describe, expect, it } from 'vitest';
import type { CostedModel, CostOption } from '../../../src/cost/cost-result.ts';
import { alternatives } from '../../../src/cost/whatif/alternatives.ts';
import { exact, sketchCurve, sketchOption } from './sketch-option.ts';

function model(label: string, accuracy: number | null): CostedModel {
  return {
    label,
    path: label,
    sha256: label,
    sizeBytes: 1,
    results: ['bench.json'],
    accuracy:
      accuracy === null
        ? null
        : {
            metric: 'accuracy',
            higherIsBetter: true,
            value: { value: accuracy, low: accuracy - 0.01, high: accuracy },
          },
  };
}

const fp32 = sketchOption({
  usdPerMillion: { value: 0.785_07, low: 0.75, high: 0.82 },
  monthlyUsd: { value: 600, low: 500, high: 700 },
});
const int8 = sketchOption({
  modelIndex: 1,
  curveIndex: 1,
  usdPerMillion: { value: 0.278_91, low: 0.27, high: 0.29 },
  monthlyUsd: { value: 200, low: 180, high: 240 },
});
const missing = { obstacle: { code: 'cost-objective-missed', details: {} }, meetsSlo: false };

const curves = [sketchCurve(), sketchCurve({ modelIndex: 1 })];

function compare(options: readonly CostOption[], models: readonly CostedModel[]) {
  return alternatives({ options, models, curves });
}

describe('alternatives', () => {
  it('holds the cheapest option of every model against that of the first', () => {
    const [first, second] = compare([int8, fp32], [model('fp32', 0.98), model('int8', 0.97)]);
    expect(first).toEqual({
      modelIndex: 0,
      option: 1,
      ratio: null,
      savingPerMillionUsd: null,
      savingPerMonthUsd: null,
      isPareto: true,
    });
    expect(second?.option).toBe(0);
    expect(second?.ratio?.value).toBeCloseTo(0.278_91 / 0.785_07, 12);
    expect(second?.savingPerMillionUsd?.value).toBeCloseTo(0.506_16, 12);
    expect(second?.savingPerMonthUsd).toEqual({
      value: 400,
      low: 400 - Math.hypot(100, 40),
      high: 400 + Math.hypot(100, 20),
    });
    expect(second?.isPareto).toBe(true);
  });

  it('tells no saving a month without a load', () => {
    const unloaded = [sketchOption(), sketchOption({ modelIndex: 1, curveIndex: 1 })];
    const [, second] = compare(unloaded, [model('a', null), model('b', null)]);
    expect(second?.savingPerMillionUsd?.value).toBe(0);
    expect(second?.savingPerMonthUsd).toBeNull();
    expect(second?.isPareto).toBeNull();
  });

  it('tells no saving against a first model that nothing serves, nor of a model that nothing serves', () => {
    const late = sketchOption(missing);
    const [first, second] = compare([int8, late], [model('fp32', 0.98), model('int8', 0.97)]);
    expect(first?.option).toBeNull();
    expect(second).toMatchObject({ option: 0, ratio: null, savingPerMillionUsd: null });
    const [, other] = compare([fp32], [model('fp32', 0.98), model('int8', 0.97)]);
    expect(other).toMatchObject({ option: null, ratio: null, isPareto: null });
  });

  it('has a ratio without bounds where one model was measured in one round', () => {
    const single = sketchOption({ modelIndex: 1, curveIndex: 1, usdPerMillion: { value: 0.3, low: null, high: null } });
    const [, second] = compare([single, fp32], [model('fp32', null), model('int8', null)]);
    expect(second?.ratio).toEqual({ value: expect.closeTo(0.3 / 0.785_07, 12), low: null, high: null });
  });

  it('holds models against each other at the length that the first was measured at first', () => {
    const lengths = [
      sketchCurve({ dims: { seq: 512 } }),
      sketchCurve({ dims: { seq: 128 } }),
      sketchCurve({ modelIndex: 1, dims: { seq: 128 } }),
      sketchCurve({ modelIndex: 1, dims: { seq: 512 } }),
    ];
    const options = [1, 2, 0, 3].map((curveIndex) => sketchOption({ curveIndex, modelIndex: curveIndex < 2 ? 0 : 1 }));
    const found = alternatives({ options, models: [model('a', null), model('b', null)], curves: lengths });
    expect(found.map(({ option }) => option)).toEqual([2, 3]);
  });

  it('has no ratio to what is free', () => {
    const free = sketchOption({ usdPerMillion: exact(0) });
    const [, second] = compare([free, int8], [model('fp32', null), model('int8', null)]);
    expect(second).toMatchObject({ ratio: null, savingPerMillionUsd: { value: -0.278_91 } });
  });
});
