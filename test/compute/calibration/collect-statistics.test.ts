import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalibrationProgress } from '../../../src/compute/calibration/collect-statistics.ts';
import { collectStatistics } from '../../../src/compute/calibration/collect-statistics.ts';
import type { Histogram, Statistics } from '../../../src/compute/calibration/statistics.ts';
import { ModelError } from '../../../src/errors.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder, long } from '../../../src/onnx/graph-builder.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { calibrated, noise, observed } from './calibrated.ts';

const named = (...names: readonly string[]) => names.map((name) => ({ name }));
const valueOf = ({ values }: Statistics, name: string) => {
  const stats = values.get(name);
  if (stats === undefined) throw new Error(`nothing is known of ${name}`);
  return stats;
};

/** x [n, 4] -> centered, relu, y. */
function smallModel(opset = 17) {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 4]);
  const centered = g.op('Add', [x, g.constant('b', floats([4], [0.5, -1, 2, 0]))], { as: 'centered' });
  const relu = g.op('Relu', [centered], { as: 'relu' });
  g.output(g.op('MatMul', [relu, g.constant('w', noise([4, 3], 7))]), 'y', tensorType('float32', ['n', 3]));
  return g.model({ opset });
}

/** Bins told from the definition, in float64. */
function naiveCounts(numbers: readonly number[], { low, high }: Histogram): Float64Array {
  const counts = new Float64Array(2048);
  for (const x of numbers) {
    const bin = Math.min(2047, Math.max(0, Math.floor(((x - low) / (high - low)) * 2048)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** How many elements at most lie on the other side of an edge. */
function mostAcross(found: Float64Array, expected: Float64Array): number {
  let difference = 0;
  let most = 0;
  for (const [bin, count] of found.entries()) {
    difference += count - (expected[bin] ?? 0);
    most = Math.max(most, Math.abs(difference));
  }
  return most;
}

describe('collectStatistics', () => {
  it('tells extremes and counts as onnxruntime’s own outputs have them, at any length of a run', async () => {
    const feeds = [5, 1, 3000, 17].map((n, seed) => ({ x: noise([n, 4], seed) }));
    const names = ['x', 'centered', 'relu', 'y'];
    const model = smallModel();
    const [found, real] = [
      await collectStatistics({ ...calibrated(model, feeds), values: named(...names) }),
      await observed(model, feeds, names),
    ];
    expect(found).toMatchObject({ neverSeen: [], refused: [], notFinite: [] });
    for (const name of names) {
      const runs = real.get(name)?.map(({ data }) => data) ?? [];
      const all = runs.flat();
      const { histogram, ...stats } = valueOf(found, name);
      const extremes = runs.map((run) => ({ min: Math.min(...run), max: Math.max(...run) }));
      const average = (of: 'min' | 'max') =>
        extremes.map((each) => each[of]).reduce((mean, next) => mean + 0.01 * (next - mean));
      expect(stats).toMatchObject({ elements: all.length, runs: 4, channels: null });
      expect([stats.min, stats.max]).toEqual([Math.min(...all), Math.max(...all)]);
      expect(stats.averageMin).toBeCloseTo(average('min'), 10);
      expect(stats.averageMax).toBeCloseTo(average('max'), 10);
      expect([histogram.low, histogram.high]).toEqual([Math.min(...all, 0), Math.max(...all, 0)]);
      expect(histogram.counts.reduce((sum, count) => sum + count)).toBe(all.length);
      expect(mostAcross(histogram.counts, naiveCounts(all, histogram))).toBeLessThanOrEqual(2);
    }
  });

  it('counts exactly where edges are exact', async () => {
    const g = new GraphBuilder();
    g.output(g.op('Relu', [g.input('x', 'float32', [null])]), 'y', tensorType('float32', [null]));
    const model = g.model();
    const samples = fc.array(fc.array(fc.integer({ min: -1024, max: 1024 }), { maxLength: 40 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(samples, async (runs) => {
        // With the ends among them, the bins are 1 wide and start at whole numbers.
        const feeds = [...runs, [-1024, 1024]].map((run) => ({ x: floats([run.length], run) }));
        const { counts } = valueOf(
          await collectStatistics({ ...calibrated(model, feeds), values: named('x') }),
          'x',
        ).histogram;
        const expected = new Float64Array(2048);
        for (const x of [...runs.flat(), -1024, 1024]) {
          const bin = Math.min(2047, x + 1024);
          expected[bin] = (expected[bin] ?? 0) + 1;
        }
        expect(counts).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('skips empty tensors and names what was never there', async () => {
    const model = smallModel();
    const [empty, full] = [{ x: floats([0, 4], []) }, { x: noise([2, 4], 3) }];
    const values = [{ name: 'centered', channelAxis: 1 }, { name: 'x', channelAxis: -1 }, { name: 'y' }];
    const some = await collectStatistics({ ...calibrated(model, [empty, full, empty]), values });
    const alone = await collectStatistics({ ...calibrated(model, [full]), values });
    expect(some).toEqual(alone);
    expect(valueOf(some, 'y')).toMatchObject({ runs: 1, elements: 6 });
    const none = await collectStatistics({ ...calibrated(model, [empty, empty]), values });
    expect(none).toEqual({ values: new Map(), neverSeen: ['centered', 'x', 'y'], refused: [], notFinite: [] });
    const nothing = await collectStatistics({ ...calibrated(model, []), values });
    expect(nothing.neverSeen).toEqual(['centered', 'x', 'y']);
  });

  it('does not know what is inside branches, and measures what they return', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    const go = g.input('go', 'bool', []);
    const branch = (op: string) => {
      const inner = g.subgraph(op);
      inner.output(inner.op(op, [x], { as: `inner_${op}` }));
      return inner.graph;
    };
    const attributes = { then_branch: branch('Neg'), else_branch: branch('Exp') };
    g.output(g.op('If', [go], { attributes }), 'y', tensorType('float32', [4]));
    const feeds: NamedTensors = {
      x: floats([4], [1, 2, 3, 4]),
      go: { type: 'bool', dims: [], data: Uint8Array.of(1) },
    };
    const found = await collectStatistics({
      ...calibrated(g.model(), [feeds]),
      values: named('inner_Neg', 'inner_Exp', 'y'),
    });
    expect(found.neverSeen).toEqual(['inner_Neg', 'inner_Exp']);
    expect(valueOf(found, 'y')).toMatchObject({ min: -4, max: -1 });
  });

  it('tells of NaN and infinities, and counts the other runs', async () => {
    const model = smallModel();
    const bad = (number: number) => ({ x: floats([1, 4], [0, 1, number, 3]) });
    const good = { x: floats([1, 4], [0, 1, 2, 3]) };
    const values = named('x', 'relu');
    const found = await collectStatistics({ ...calibrated(model, [good, bad(-Infinity), bad(NaN), good]), values });
    // Relu makes 0 of minus infinity.
    expect(found.notFinite).toEqual([
      { name: 'x', run: 1, runs: 2 },
      { name: 'relu', run: 2, runs: 1 },
    ]);
    expect(valueOf(found, 'x')).toMatchObject({ runs: 2, elements: 8, min: 0, max: 3 });
    expect(valueOf(found, 'relu')).toMatchObject({ runs: 3, elements: 12 });
    const all = await collectStatistics({ ...calibrated(model, [bad(Infinity)]), values });
    expect(all).toMatchObject({ values: new Map(), neverSeen: [], notFinite: [{ name: 'x' }, { name: 'relu' }] });
  });

  it('takes the largest float32 for what they are, as masks hold them', async () => {
    const least = -3.4028234663852886e38;
    const feeds = [{ x: floats([1, 4], [least, least, 0, -least]) }];
    const { histogram } = valueOf(
      await collectStatistics({ ...calibrated(smallModel(), feeds), values: named('x') }),
      'x',
    );
    expect([histogram.counts[0], histogram.counts[1024], histogram.counts[2047]]).toEqual([2, 1, 1]);
  });

  it('tells means and largest absolutes of channels on any axis', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 3, null]);
    g.output(g.op('Neg', [x]), 'y', tensorType('float32', ['n', 3, null]));
    const feeds = [
      [2, 5],
      [1, 5],
      [4, 5],
    ].map(([n = 0, m = 0], seed) => ({ x: noise([n, 3, m], seed, 1) }));
    const model = g.model({ opset: 20 });
    for (const axis of [1, -2, -1, 2]) {
      const found = await collectStatistics({
        ...calibrated(model, feeds),
        values: [{ name: 'y', channelAxis: axis }],
      });
      const { channels } = valueOf(found, 'y');
      const runs = (await observed(model, feeds, ['y'])).get('y') ?? [];
      const slices = Array.from({ length: axis === 1 || axis === -2 ? 3 : 5 }, (_, channel) =>
        runs.flatMap(({ data, dims: [, , m = 0] }) =>
          data.filter((_, i) => (axis === 1 || axis === -2 ? Math.floor(i / m) % 3 : i % m) === channel),
        ),
      );
      const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
      expect(channels?.axis).toBe(axis);
      for (const [channel, slice] of slices.entries()) {
        expect(channels?.means[channel]).toBeCloseTo(mean(slice), 5);
        expect(channels?.absMeans[channel]).toBeCloseTo(mean(slice.map(Math.abs)), 5);
        expect(channels?.absMax[channel]).toBe(Math.max(...slice.map(Math.abs)));
      }
    }
    const uneven = await collectStatistics({ ...calibrated(model, feeds), values: [{ name: 'y', channelAxis: 0 }] });
    expect(valueOf(uneven, 'y').channels).toBeNull();
  });

  it('measures half precision, integers, constants and models of old operator sets', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float16', ['n']);
    g.constant('table', floats([3], [1, -2, 3]));
    g.output(g.op('Relu', [x]), 'y', tensorType('float16', ['n']));
    g.output(g.op('Shape', [x]), 'shape', tensorType('int64', [1]));
    const feeds = [{ x: tensorOfNumbers('float16', [3], [-0.5, 4, 100]) }];
    const found = await collectStatistics({
      ...calibrated(g.model(), feeds),
      values: named('x', 'y', 'shape', 'table'),
    });
    expect(valueOf(found, 'x')).toMatchObject({ min: -0.5, max: 100 });
    expect(valueOf(found, 'shape')).toMatchObject({ min: 3, max: 3, elements: 1 });
    expect(valueOf(found, 'table')).toMatchObject({ min: -2, max: 3, elements: 3 });
    const old = [{ x: noise([9, 4], 1) }];
    const [before, after] = await Promise.all(
      [8, 17].map((opset) => collectStatistics({ ...calibrated(smallModel(opset), old), values: named('relu', 'y') })),
    );
    expect(before).toEqual(after);
  });

  it('lists what the runtime does not measure', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    const parts = g.op('SplitToSequence', [x, g.constant('size', long(2))], { as: 'parts' });
    g.output(g.op('SequenceAt', [parts, g.constant('at', long(0))], { as: 'first' }), 'y', tensorType('float32', [2]));
    const values = [{ name: 'parts' }, { name: 'y' }, { name: 'x', channelAxis: 3 }];
    const found = await collectStatistics({ ...calibrated(g.model(), [{ x: floats([4], [1, 2, 3, 4]) }]), values });
    expect(found.refused.toSorted()).toEqual(['parts', 'x']);
    expect([...found.values.keys()]).toEqual(['y']);
  });

  it('passes on what the model and the data throw', async () => {
    const values = named('relu');
    const unfit = calibrated(smallModel(), [{ x: floats([2, 5], Array.from({ length: 10 }, Number)) }]);
    await expect(collectStatistics({ ...unfit, values })).rejects.toMatchObject({ code: 'run-failed' });
    const failure = new ModelError('model-empty', { path: 'data' });
    const broken = async function* () {
      yield { x: noise([1, 4], 1) };
      throw failure;
    };
    const model = calibrated(smallModel(), []);
    await expect(collectStatistics({ ...model, batches: broken, values })).rejects.toBe(failure);
  });

  it('tells how far it is and stops between runs', async () => {
    const feeds = [1, 2, 3].map((seed) => ({ x: noise([1, 4], seed) }));
    const told: CalibrationProgress[] = [];
    const data = calibrated(smallModel(), feeds);
    await collectStatistics({ ...data, values: named('y'), onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([
      ...[1, 2, 3].map((done) => ({ pass: 1, done, of: null })),
      ...[1, 2, 3].map((done) => ({ pass: 2, done, of: 3 })),
    ]);
    const stop = new AbortController();
    let runs = 0;
    const onProgress = () => {
      if (++runs === 2) stop.abort(new Error('enough'));
    };
    const stopped = collectStatistics({ ...data, values: named('y'), onProgress, signal: stop.signal });
    await expect(stopped).rejects.toThrow('enough');
    expect(runs).toBe(2);
  });
});
