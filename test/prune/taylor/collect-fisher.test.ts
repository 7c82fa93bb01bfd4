import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import type { FisherSample } from '../../../src/prune/taylor/collect-fisher.ts';
import type { ScoredOutput } from '../../../src/prune/taylor/scored-output.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { noise } from '../../compute/calibration/calibrated.ts';
import { crossEntropy, differences, numbersIn, scored } from './faded.ts';

/** ‖found - expected‖ over ‖expected‖. */
function expectNear(found: ArrayLike<number> | undefined, expected: readonly number[]): void {
  const error = Math.hypot(...expected.map((each, i) => each - (found?.[i] ?? Number.NaN)));
  expect(Math.hypot(...expected)).toBeGreaterThan(0);
  expect({ error: error / Math.hypot(...expected), found, expected }).toMatchObject({
    error: expect.toSatisfy((ratio: number) => ratio < 5e-3),
  });
}

function samplesOf(dims: readonly number[], count = 4): readonly FisherSample[] {
  return Array.from({ length: count }, (_, seed) => ({ feeds: { x: noise(dims, seed) }, labels: null }));
}

const classes: ScoredOutput = { kind: 'classes', name: 'y', classAxis: 1, areProbabilities: false, isLabeled: false };

/** x · w + b, named. */
function layer(g: GraphBuilder, x: Value, { name, from, to }: { name: string; from: number; to: number }): Value {
  const seed = name.length + from;
  const product = g.op('MatMul', [x, g.constant(`${name}.w`, noise([from, to], seed))], { name });
  return g.op('Add', [product, g.constant(`${name}.b`, noise([to], seed + 1))], { name: `${name}.add` });
}

/** x[batch, 5] through 7 neurons to y[batch, 3]. Clip's slope is not what it returns: masks belong behind it. */
function perceptron(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['batch', 5]);
  const ends = [g.constant('low', noise([], 1)), g.constant('high', { ...noise([], 1), data: Float32Array.of(0.8) })];
  const hidden = g.op('Clip', [layer(g, x, { name: 'first', from: 5, to: 7 }), ...ends], { name: 'clip' });
  g.output(layer(g, hidden, { name: 'second', from: 7, to: 3 }), 'y', tensorType('float32', ['batch', 3]));
  return g.model({ opset: 17 });
}

describe('collectFisher', () => {
  it('squares the gradient of what the model itself takes to be true, sample by sample', async () => {
    const model = perceptron();
    const samples = samplesOf([1, 5]);
    const { scores, groups, blocked } = await scored(model, samples, [classes]);
    expect(groups.map(({ name, units }) => [name, units])).toEqual([['first', 7]]);
    expect(blocked.size).toBe(0);
    const loss = (outputs: NamedTensors) => crossEntropy(numbersIn(outputs, 'y'));
    for (const group of groups) expectNear(scores.get(group.id), await differences(model, group, { samples, loss }));
  });

  it('goes by labels where there are some, of scores or of probabilities', async () => {
    const model = perceptron();
    const softened = copyModel(model);
    const [y] = softened.graph.outputs;
    if (y === undefined) throw new Error('y is missing');
    const g = new GraphBuilder(softened.graph);
    g.output(
      g.op('Softmax', [y], { name: 'softmax', attributes: { axis: 1 } }),
      'p',
      tensorType('float32', ['batch', 3]),
    );
    softened.graph.removeOutput(0);
    const samples = samplesOf([1, 5]).map(({ feeds }, i) => ({ feeds, labels: longs([i % 3]) }));
    const { scores, groups } = await scored(model, samples, [{ ...classes, isLabeled: true }]);
    const labels = new Map(samples.map(({ feeds, labels: { data } }) => [feeds, Number(data[0])]));
    const loss = (outputs: NamedTensors, feeds: NamedTensors) =>
      crossEntropy(numbersIn(outputs, 'y'), labels.get(feeds));
    for (const group of groups) expectNear(scores.get(group.id), await differences(model, group, { samples, loss }));
    const output: ScoredOutput = { ...classes, name: 'p', areProbabilities: true, isLabeled: true };
    const again = await scored(softened, samples, [output]);
    for (const group of groups) expectNear(again.scores.get(group.id), [...(scores.get(group.id) ?? [])]);
  });

  it('adds up the gradients of all that read a channel before it squares them', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 2, 4, 4]);
    const conv = (input: Value, name: string, [to, from]: readonly [number, number]) => {
      const inputs = [
        input,
        g.constant(`${name}.w`, noise([to, from, 3, 3], name.length)),
        g.constant(`${name}.b`, noise([to], 9)),
      ];
      return g.op('Conv', inputs, { name, attributes: { pads: [1, 1, 1, 1] } });
    };
    const stem = g.op('Relu', [conv(x, 'stem', [6, 2])], { name: 'relu' });
    const inner = g.op('Sigmoid', [conv(stem, 'inner', [4, 6])], { name: 'sigmoid' });
    const sum = g.op('Add', [stem, conv(inner, 'outer', [6, 4])], { name: 'sum' });
    const pooled = g.op('Flatten', [g.op('GlobalAveragePool', [sum], { name: 'pool' })], { name: 'flatten' });
    g.output(layer(g, pooled, { name: 'head', from: 6, to: 3 }), 'y', tensorType('float32', ['batch', 3]));
    const model = g.model({ opset: 17 });
    const samples = samplesOf([1, 2, 4, 4]);
    const { scores, groups } = await scored(model, samples, [classes]);
    expect(groups.map(({ name, consumers }) => [name, consumers.length])).toEqual([
      ['stem', 2],
      ['inner', 1],
    ]);
    const loss = (outputs: NamedTensors) => crossEntropy(numbersIn(outputs, 'y'));
    for (const group of groups) expectNear(scores.get(group.id), await differences(model, group, { samples, loss }));
  });

  it('moves values along random directions, as a share of their size', async () => {
    const model = perceptron();
    const samples = samplesOf([1, 5], 3);
    const { scores, groups } = await scored(model, samples, [{ kind: 'values', name: 'y', scale: 2 }]);
    const random = createRandom(3, 'directions');
    const signs = new Map(samples.map(({ feeds }) => [feeds, [0, 0, 0].map(() => (random.next() < 0.5 ? -1 : 1))]));
    const loss = (outputs: NamedTensors, feeds: NamedTensors) => {
      const y = numbersIn(outputs, 'y');
      return y.reduce((sum, each, i) => sum + each * (signs.get(feeds)?.[i] ?? 0), 0) / (2 * Math.sqrt(3));
    };
    for (const group of groups) expectNear(scores.get(group.id), await differences(model, group, { samples, loss }));
  });

  it('masks one side of a product of two computed values', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 'time', 5]);
    const [q, k] = ['query', 'key'].map((name) => layer(g, x, { name, from: 5, to: 4 }));
    if (q === undefined || k === undefined) throw new Error('a layer is missing');
    const turned = g.op('Transpose', [k], { name: 'turn', attributes: { perm: [0, 2, 1] } });
    const weights = g.op('Softmax', [g.op('MatMul', [q, turned], { name: 'product' })], { name: 'softmax' });
    g.output(g.op('MatMul', [weights, x], { name: 'mixed' }), 'y', tensorType('float32', ['batch', 'time', 5]));
    const model = g.model({ opset: 17 });
    // Sequences of several lengths: each has a graph of its own.
    const samples = [3, 6, 3, 4, 6].map((time, seed) => ({ feeds: { x: noise([1, time, 5], seed) }, labels: null }));
    const { scores, groups } = await scored(model, samples, [{ ...classes, classAxis: 2 }]);
    expect(groups.map(({ units, contractions }) => [units, contractions.length])).toEqual([[4, 1]]);
    const loss = (outputs: NamedTensors) => {
      const y = numbersIn(outputs, 'y');
      const rows = Array.from({ length: y.length / 5 }, (_, row) => crossEntropy(y.slice(5 * row, 5 * row + 5)));
      return rows.reduce((sum, each) => sum + each, 0) / rows.length;
    };
    const bias = { node: 'query.add', input: 1, weight: 'query.b', axis: 0 };
    for (const group of groups) {
      const places = [...group.producers.filter(({ node }) => node === 'query'), bias];
      expectNear(scores.get(group.id), await differences(model, group, { samples, loss, places }));
    }
  });

  it('tells what no gradient reaches, and leaves runs out that are no numbers', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 5]);
    const first = g.op('Tanh', [layer(g, x, { name: 'first', from: 5, to: 7 })], { name: 'tanh' });
    const second = layer(g, first, { name: 'second', from: 7, to: 6 });
    const odd = g.op('Atan', [second], { name: 'odd' });
    const third = g.op('Relu', [layer(g, odd, { name: 'third', from: 6, to: 4 })], { name: 'relu' });
    g.output(layer(g, third, { name: 'fourth', from: 4, to: 3 }), 'y', tensorType('float32', ['batch', 3]));
    const model = g.model({ opset: 17 });
    const bad = { feeds: { x: { ...noise([1, 5], 1), data: new Float32Array(5).fill(Number.NaN) } }, labels: null };
    const samples = samplesOf([1, 5], 2);
    const { scores, groups, blocked } = await scored(model, [bad, ...samples], [classes]);
    expect(groups.map(({ name }) => name)).toEqual(['first', 'second', 'third']);
    const nameOf = (id: number) => groups.find((group) => group.id === id)?.name;
    expect([...blocked].map(([id, { node }]) => [nameOf(id), node.op])).toEqual([['first', 'Atan']]);
    expect([...scores.keys()].map(nameOf)).toEqual(['second', 'third']);
    const loss = (outputs: NamedTensors) => crossEntropy(numbersIn(outputs, 'y'));
    for (const group of groups.slice(1))
      expectNear(scores.get(group.id), await differences(model, group, { samples, loss }));
  });
});
