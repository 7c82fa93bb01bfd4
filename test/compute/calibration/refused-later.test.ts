import { describe, expect, it } from 'vitest';
import { collectGrams } from '../../../src/compute/calibration/collect-grams.ts';
import { collectStatistics } from '../../../src/compute/calibration/collect-statistics.ts';
import type { Gram } from '../../../src/compute/calibration/gram-sums.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { calibrated, noise, observed } from './calibrated.ts';

/** x -> scaled -> y of whatever shape `shape` says, with as many axes as it has numbers. */
function reshaped() {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 4]);
  const scaled = g.op('Mul', [x, g.constant('two', noise([4], 7))], { as: 'scaled' });
  g.output(g.op('Reshape', [scaled, g.input('shape', 'int64', ['r'])]), 'y', tensorType('float32'));
  return g.model();
}

const fed = (seed: number, ...shape: readonly number[]): NamedTensors => {
  const count = shape.reduce((product, length) => product * length, 1);
  return { x: noise([count / 4, 4], seed), shape: longs(shape) };
};

/** Grams of some values, what is said at the end, and how many models it took. */
async function gramsOf(feeds: readonly NamedTensors[], values: readonly string[]) {
  const grams = new Map<string, Gram>();
  const data = calibrated(reshaped(), feeds);
  let loads = 0;
  const load: typeof data.runner.load = (source, options) => {
    loads++;
    return data.runner.load(source, options);
  };
  const onGram = (gram: Gram) => void grams.set(gram.name, gram);
  const outcome = await collectGrams({ ...data, runner: { ...data.runner, load }, values, onGram });
  return { grams, outcome, loads };
}

/** X^T X of rows of four, from onnxruntime's own outputs. */
async function naiveGram(feeds: readonly NamedTensors[], name: string): Promise<readonly number[]> {
  const real = await observed(reshaped(), feeds, [name]);
  const all = real.get(name)?.flatMap(({ data }) => data) ?? [];
  const rows = Array.from({ length: all.length / 4 }, (_, row) => all.slice(4 * row, 4 * row + 4));
  return Array.from({ length: 16 }, (_, i) =>
    rows.reduce((sum, row) => sum + (row[Math.floor(i / 4)] ?? NaN) * (row[i % 4] ?? NaN), 0),
  );
}

describe('a tap that the runtime refuses in a later run only', () => {
  it('is left out of statistics and named, and the others see every run', async () => {
    // The third axis is gone in the second run.
    const feeds = [fed(1, 2, 3, 4), fed(2, 6, 4), fed(3, 2, 2, 4)];
    const values = [{ name: 'x' }, { name: 'y', channelAxis: 2 }, { name: 'scaled', channelAxis: 1 }];
    const found = await collectStatistics({ ...calibrated(reshaped(), feeds), values });
    expect(found).toMatchObject({ refused: ['y'], neverSeen: [], notFinite: [] });
    expect([...found.values.keys()]).toEqual(['x', 'scaled']);
    const real = await observed(reshaped(), feeds, ['x', 'scaled']);
    for (const name of ['x', 'scaled']) {
      const all = real.get(name)?.flatMap(({ data }) => data) ?? [];
      const { min, max, runs, elements, histogram } = found.values.get(name) ?? {};
      expect([min, max, runs, elements]).toEqual([Math.min(...all), Math.max(...all), 3, all.length]);
      expect(histogram?.counts.reduce((sum, count) => sum + count)).toBe(all.length);
    }
    const channels = found.values.get('scaled')?.channels;
    const column = real.get('scaled')?.flatMap(({ data }) => data.filter((_, i) => i % 4 === 1)) ?? [];
    expect(channels?.means[1]).toBeCloseTo(column.reduce((sum, next) => sum + next, 0) / column.length, 5);
  });

  it('leaves nothing to measure where it was the only one', async () => {
    const feeds = [fed(1, 2, 3, 4), fed(2, 6, 4), fed(3, 2, 2, 4)];
    const values = [{ name: 'y', channelAxis: 2 }];
    const found = await collectStatistics({ ...calibrated(reshaped(), feeds), values });
    expect(found).toEqual({ values: new Map(), neverSeen: [], refused: ['y'], notFinite: [] });
  });

  it.each([
    ['with what the process kept of earlier runs', 3],
    // After 32 runs the matrices were fetched and start anew.
    ['right after that was fetched', 32],
  ])('is left out of gram matrices: rows of another length, %s', async (_, before) => {
    const feeds = [
      ...Array.from({ length: before }, (_, seed) => fed(seed, 2, 4)),
      fed(90, 4, 2),
      ...Array.from({ length: 3 }, (_, seed) => fed(91 + seed, 3, 4)),
    ];
    const { grams, outcome } = await gramsOf(feeds, ['scaled', 'y']);
    expect(outcome).toEqual({ neverSeen: [], refused: ['y'], notFinite: [] });
    expect([...grams.keys()]).toEqual(['scaled']);
    const gram = grams.get('scaled');
    expect(gram).toMatchObject({ columns: 4, rows: 2 * before + 2 + 9 });
    for (const [i, number] of (await naiveGram(feeds, 'scaled')).entries())
      expect(gram?.gram[i]).toBeCloseTo(number, 3);
  });

  it('is looked for once, however often the runs change', async () => {
    const feeds = (runs: number) => Array.from({ length: runs }, (_, i) => (i % 2 === 0 ? fed(i, 2, 4) : fed(i, 4, 2)));
    const [few, many] = [await gramsOf(feeds(4), ['scaled', 'y']), await gramsOf(feeds(40), ['scaled', 'y'])];
    expect(many.outcome.refused).toEqual(['y']);
    expect(many.grams.get('scaled')).toMatchObject({ rows: 80 });
    expect(many.loads).toBe(few.loads);
  });

  it('is no excuse for a model that does not run on these inputs', async () => {
    const feeds = [fed(1, 2, 4), { x: noise([2, 4], 2), shape: longs([3, 3]) }];
    const values = [{ name: 'x' }, { name: 'y' }];
    const failing = collectStatistics({ ...calibrated(reshaped(), feeds), values });
    await expect(failing).rejects.toMatchObject({ code: 'run-failed' });
  });
});
