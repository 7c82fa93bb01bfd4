import { describe, expect, it } from 'vitest';
import type { CostWarning } from '../../src/cost/cost-warning.ts';
import { projectionGaps } from '../../src/cost/hardware/translation.ts';
import { catalogFlags } from '../../src/cost/vocabulary.ts';
import { describeCostWarning } from '../../src/report/messages/cost-messages.ts';
import { describeObstacle, obstacleTitle } from '../../src/report/messages/cost-obstacles.ts';
import { flagLegend, flagMarks } from '../../src/report/messages/flag-texts.ts';

const warnings: { readonly [W in CostWarning as W['code']]: W['details'] } = {
  'prices-old': { oldest: '2025-06-28', days: 447 },
  'prices-undated': { options: 1 },
  'one-round': { model: 'cnn.onnx', path: 'bench.json' },
  'points-left-out': { path: 'bench.json', failed: 1, skipped: 3 },
  'unknown-processor': { path: 'bench.json', processor: 'Loongson-3A5000' },
  'no-model-file': { path: 'models/cnn.onnx' },
  'measured-alone': { model: 'cnn.onnx', replicas: 4 },
  'batch-at-end': { model: 'cnn.onnx', batch: 32 },
  'objective-missed': { percentile: 99.9, limitMs: 50 },
  'no-load': { utilization: 0.6 },
  'accuracy-missing': { models: ['a.onnx', 'b.onnx'] },
  'workflow-latency-unknown': { path: 'agent.yaml', steps: ['search'] },
  'evaluation-unmatched': { path: 'evaluate.json' },
  'result-repeated': { path: 'b.json', first: 'a.json' },
  'models-unlike': { model: 'bert.onnx', first: 'cnn.onnx' },
};

const misfit = { instance: 'aws/us-east-1/c7i.large', available: 2 };
const objective = { percentile: 99, limitMs: 50 };
const obstacles: readonly (readonly [code: string, details: Record<string, unknown>])[] = [
  ...projectionGaps.map((reason) => {
    const details = { reason, instance: 'x', processor: 'Cobalt 100', accelerator: 'Inferentia2' };
    return ['cost-no-projection', details] as const;
  }),
  ['cost-no-projection', { reason: 'unknown-processor', instance: 'x', processor: null, accelerator: null }],
  ['cost-does-not-fit', { ...misfit, what: 'vcpus', needed: 4 }],
  ['cost-does-not-fit', { ...misfit, what: 'memory', needed: 6e9, available: 3.2e9 }],
  ['cost-does-not-fit', { ...misfit, what: 'accelerator-memory', needed: 6e10, available: 2.4e10 }],
  ['cost-objective-below-service', { ...objective, aloneMs: 71.234 }],
  ['cost-objective-missed', { ...objective, reachedMs: 1234.5 }],
  ['cost-overload', { machines: 12_345, most: 10_000 }],
];

const clean = /\n|undefined|null|NaN|\[object|\. |\.$|;;| {2}|\{"/;

describe('cost messages', () => {
  it('has a sentence for every warning, obstacle and mark', async () => {
    const told = Object.entries(warnings).map(
      ([code, details]) => `${code}\n  ${describeCostWarning({ code, details })}`,
    );
    const met = obstacles.map(
      ([code, details]) => `${code} (${obstacleTitle(code)})\n  ${describeObstacle({ code, details })}`,
    );
    const marks = flagLegend(catalogFlags).map(({ label, text }) => `${label}\n  ${text.replaceAll('; ', '\n  ')}`);
    await expect(`${[...told, ...met, ...marks].join('\n')}\n`).toMatchFileSnapshot('golden/cost-messages.txt');
  });

  it.each(Object.entries(warnings))('%s is one clean line', (code, details) => {
    expect(describeCostWarning({ code, details })).not.toMatch(clean);
  });

  it.each(obstacles)('%s is one clean line', (code, details) => {
    expect(describeObstacle({ code, details })).not.toMatch(clean);
  });

  it('says what was left out of a result', () => {
    const text = (failed: number, skipped: number): string =>
      describeCostWarning({ code: 'points-left-out', details: { path: 'b.json', failed, skipped } });
    expect(text(2, 0)).toBe('b.json: 2 failed points are left out');
    expect(text(0, 1)).toBe('b.json: 1 skipped point is left out');
  });

  it('tells its own sentence of a code that others have too, and those of others', () => {
    expect(describeCostWarning({ code: 'one-round', details: warnings['one-round'] })).toContain('bench.json');
    const skipped = { code: 'provider-skipped', details: { ep: 'cuda', reason: 'no driver', cure: 'install one' } };
    expect(describeCostWarning(skipped)).toContain('no driver');
  });

  it('shows what another version wrote as it is', () => {
    expect(describeCostWarning({ code: 'by-magic', details: { a: 1 } })).toBe('by-magic {"a":1}');
    expect(describeObstacle({ code: 'by-magic', details: { a: 1 } })).toBe('by-magic {"a":1}');
    expect(obstacleTitle('by-magic')).toBe('by-magic');
    expect(obstacleTitle('toString')).toBe('toString');
  });

  it('lets no name control the terminal', () => {
    const model = 'a\u001B]0;title\u0007';
    expect(describeCostWarning({ code: 'one-round', details: { model, path: model } })).not.toContain('\u001B');
    const details = { reason: 'unknown-processor', processor: model };
    expect(describeObstacle({ code: 'cost-no-projection', details })).not.toContain('\u001B');
  });
});

describe('marks', () => {
  it('are different letters, of the flags that there are', () => {
    const marks = [...flagMarks(catalogFlags)];
    expect(new Set(marks).size).toBe(catalogFlags.length);
    expect(flagMarks(['summed', 'undated'])).toBe('su');
    expect(flagLegend(['undated', 'undated'])).toEqual([
      { label: 'Marks', text: 'u undated: its source tells no date' },
    ]);
    expect(flagLegend([])).toEqual([]);
  });
});
