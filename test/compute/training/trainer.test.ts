import { describe, expect, test } from 'vitest';
import { Expressions } from '../../../src/compute/expressions/expressions.ts';
import { Trainer } from '../../../src/compute/training/trainer.ts';
import type { OptimizerOptions } from '../../../src/compute/training/optimizer.ts';
import { TrainingGraph } from '../../../src/compute/training/training-graph.ts';
import { buildTrainingStep } from '../../../src/compute/training/training-step.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';

const models = {
  runner: inProcessRunner(),
  name: 'the model',
  write: () => Promise.reject(new Error('a small model is not written')),
};

/** loss = mean((x·w - y)²) over 2 samples, w of 2 weights and a bias. */
function linear() {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['batch', 2]);
  const w = g.constant('w', floats([2, 1], [0.5, -1]));
  const b = g.constant('b', floats([1], [0.25]));
  g.output(g.op('Add', [g.op('MatMul', [x, w]), b]), 'y', tensorType('float32', ['batch', 1]));
  return g.model({ opset: 13 });
}

const feeds: NamedTensors = { x: floats([2, 2], [1, 2, 3, -1]), target: floats([2, 1], [1, 2]) };

async function train(optimizer: OptimizerOptions, rates: readonly number[]) {
  const model = linear();
  const graph = new TrainingGraph([model]);
  const included = await graph.include(model, {
    ...models,
    dims: { batch: 2 },
    parameters: ['w', 'b'],
    taps: [],
    feeds: { x: floats([2, 2], [0, 0, 0, 0]) },
  });
  const { e } = graph;
  const y = included.outputs.get('y');
  if (y === undefined) throw new Error('y is missing');
  const error = e.sub(y, graph.input('target', 'float32', [2, 1]));
  const step = buildTrainingStep({
    e,
    loss: e.meanAll(e.mul(error, error)),
    parameters: included.parameters,
    optimizer,
  });
  const initial = { w: floats([2, 1], [0.5, -1]), b: floats([1], [0.25]) };
  const trainer = await Trainer.open({ ...models, step, initial });
  const told = [];
  for (const learningRate of rates) told.push(await trainer.run(feeds, { learningRate }));
  return { told, trainer, weights: await weightsOf(trainer) };
}

async function weightsOf(trainer: Trainer): Promise<readonly number[]> {
  const { w, b } = await trainer.parameters();
  return [...Array.from(w?.data ?? [], Number), ...Array.from(b?.data ?? [], Number)];
}

/** The same reckoned by hand: gradients of the mean squared error. */
function gradientOf([w0 = 0, w1 = 0, b = 0]: readonly number[]): readonly number[] {
  const rows = [
    { x: [1, 2], y: 1 },
    { x: [3, -1], y: 2 },
  ];
  const errors = rows.map(({ x: [p = 0, q = 0], y }) => p * w0 + q * w1 + b - y);
  const [first = 0, second = 0] = errors;
  return [first * 1 + second * 3, first * 2 - second, first + second];
}

describe('steps', () => {
  test('plain SGD goes down the gradient reckoned by hand', async () => {
    let weights: readonly number[] = [0.5, -1, 0.25];
    for (let step = 0; step < 2; step++) {
      const gradient = gradientOf(weights);
      weights = weights.map((weight, index) => weight - 0.1 * (gradient[index] ?? 0));
    }
    const { weights: found, told } = await train({ kind: 'sgd', momentum: 0 }, [0.1, 0.1]);
    for (const [index, weight] of weights.entries()) expect(found[index]).toBeCloseTo(weight, 5);
    // (-1.5 + 0.25 - 1)² and (2.5 + 0.25 - 2)², halved
    expect(told[0]?.['loss']).toBeCloseTo((2.25 ** 2 + 0.75 ** 2) / 2, 5);
    expect(told[0]?.['gradientNorm']).toBeCloseTo(Math.hypot(...gradientOf([0.5, -1, 0.25])), 5);
  });

  test('AdamW follows the algorithm of its paper', async () => {
    const [beta1, beta2, decay, rate] = [0.9, 0.999, 0.1, 0.01];
    let weights: readonly number[] = [0.5, -1, 0.25];
    let m = [0, 0, 0];
    let v = [0, 0, 0];
    for (let t = 1; t <= 3; t++) {
      const g = gradientOf(weights);
      m = m.map((each, index) => beta1 * each + (1 - beta1) * (g[index] ?? 0));
      v = v.map((each, index) => beta2 * each + (1 - beta2) * (g[index] ?? 0) ** 2);
      weights = weights.map((weight, index) => {
        const move = (m[index] ?? 0) / (1 - beta1 ** t) / (Math.sqrt((v[index] ?? 0) / (1 - beta2 ** t)) + 1e-8);
        return weight * (index < 2 ? 1 - rate * decay : 1) - rate * move;
      });
    }
    const { weights: found } = await train({ kind: 'adamw', weightDecay: decay }, [rate, rate, rate]);
    for (const [index, weight] of weights.entries()) expect(found[index]).toBeCloseTo(weight, 5);
  });

  test('a gradient longer than its limit is shortened to it', async () => {
    const gradient = gradientOf([0.5, -1, 0.25]);
    const length = Math.hypot(...gradient);
    const { weights } = await train({ kind: 'sgd', momentum: 0, maxGradientNorm: 0.5 }, [1]);
    for (const [index, start] of [0.5, -1, 0.25].entries())
      expect(weights[index]).toBeCloseTo(start - (0.5 * (gradient[index] ?? 0)) / length, 5);
  });

  test('a restored state goes on as if nothing had happened', async () => {
    const whole = await train({ kind: 'adamw' }, [0.1, 0.05, 0.02]);
    const half = await train({ kind: 'adamw' }, [0.1]);
    const state = await half.trainer.state();
    const other = await train({ kind: 'adamw' }, []);
    await other.trainer.restore(state);
    for (const learningRate of [0.05, 0.02]) await other.trainer.run(feeds, { learningRate });
    expect(await weightsOf(other.trainer)).toEqual(whole.weights);
  });
});

test('expressions refuse shapes that do not fit', () => {
  const e = new Expressions();
  const [a, b] = [e.input('a', 'float32', [2, 3]), e.input('b', 'float32', [2, 3])];
  expect(() => e.matmul(a, b)).toThrow('[2,3] and [2,3] do not multiply');
  expect(() => e.add(a, e.input('c', 'float32', [4]))).toThrow('do not broadcast');
  expect(() => e.reshape(a, [7])).toThrow('cannot become');
});
