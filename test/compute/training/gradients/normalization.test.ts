import { describe, expect, test } from 'vitest';
import { Expressions } from '../../../../src/compute/expressions/expressions.ts';
import { differentiate } from '../../../../src/compute/training/autodiff.ts';
import { encodeModel } from '../../../../src/onnx/file/encode-model.ts';
import { floats } from '../../../../src/onnx/graph-builder.ts';
import { createRandom } from '../../../../src/stats/seeded-random.ts';
import { runModel } from '../../../numerics/run-model.ts';
import type { OperatorCase } from '../../reference/operator-case.ts';
import { draw } from '../../reference/operator-case.ts';
import { checkGradient } from '../gradient-check.ts';
import { problemsOf } from './problems-of.ts';

describe('BatchNormalization', () => {
  const statistics: OperatorCase = {
    seed: 3,
    draw: (random) => ({
      x: draw(random, [2, 3, 2, 2]),
      scale: draw(random, [3]),
      bias: draw(random, [3]),
      mean: draw(random, [3]),
      variance: draw(random, [3], [0.5, 2]),
    }),
    build: (g, input) => [g.op('BatchNormalization', ['x', 'scale', 'bias', 'mean', 'variance'].map(input))],
  };

  test('its statistics have gradients too', () => expect(checkGradient(statistics)).resolves.toBeUndefined());

  test('statistics that are measured anew are told', () => {
    const training: OperatorCase = {
      ...statistics,
      build: (g, input) =>
        g
          .ops('BatchNormalization', ['x', 'scale', 'bias', 'mean', 'variance'].map(input), {
            attributes: { training_mode: 1 },
            outputs: 3,
          })
          .slice(0, 1),
    };
    expect(problemsOf(training, { y0: [2, 3, 2, 2] })).toEqual(['it measures its statistics anew (training_mode)']);
  });
});

test('a LayerNormalization whose mean is used is told', () => {
  const used: OperatorCase = {
    seed: 1,
    draw: (random) => ({ x: draw(random, [2, 3]), scale: draw(random, [3]) }),
    build: (g, input) => {
      const [y = null, mean = null] = g.ops('LayerNormalization', [input('x'), input('scale')], { outputs: 2 });
      return [g.op('Add', [y, mean])];
    },
  };
  expect(problemsOf(used, { y0: [2, 3] })).toEqual(['its mean or deviation is used']);
});

describe('GroupNormalization', () => {
  const [batch, channels, length, groups] = [2, 6, 4, 2];

  /** The gradients of Σ W·y. */
  async function gradients(op: 'GroupNormalization' | 'by hand', scaleLength: number) {
    const random = createRandom(5);
    const feeds = {
      x: draw(random, [batch, channels, length]),
      scale: draw(random, [scaleLength]),
      bias: draw(random, [scaleLength]),
    };
    const weights = draw(random, [batch, channels, length]);
    const e = new Expressions();
    e.importOpset('', scaleLength === channels ? 21 : 20);
    const [x, scale, bias] = Object.entries(feeds).map(([name, { type, dims }]) => e.input(name, type, dims));
    if (!x || !scale || !bias) throw new RangeError('an input is missing');
    const made =
      op === 'GroupNormalization'
        ? e.op(op, [x, scale, bias], { type: x.type, dims: x.dims, attributes: { num_groups: groups } })
        : byHand(e, { x, scale, bias });
    const { gradients: found } = differentiate({
      e,
      loss: e.sumAll(e.mul(made, e.constant(weights))),
      wanted: [x.value, scale.value, bias.value],
    });
    for (const [value, gradient] of found) e.output(gradient, `gradient of ${value.name}`);
    return runModel(encodeModel(e.model()), feeds);
  }

  type Parts = Readonly<Record<'x' | 'scale' | 'bias', ReturnType<Expressions['input']>>>;

  /** As the specification says it: in parts whose rules are checked by themselves. */
  function byHand(e: Expressions, { x, scale, bias }: Parts) {
    const grouped = e.reshape(x, [batch, groups, (channels / groups) * length]);
    const centered = e.sub(grouped, e.reduceMean(grouped, [2], true));
    const variance = e.reduceMean(e.mul(centered, centered), [2], true);
    const normalized = e.div(centered, e.sqrt(e.add(variance, 1e-5)));
    const own = scale.dims[0] === channels ? [groups, channels / groups, 1] : [groups, 1, 1];
    const view = e.reshape(normalized, [batch, groups, channels / groups, length]);
    return e.reshape(e.add(e.mul(view, e.reshape(scale, own)), e.reshape(bias, own)), x.dims);
  }

  // Operator set 20 has a scale for each group, 21 for each channel.
  test.each([groups, channels])('is that of its parts, with %i scales', async (scaleLength) => {
    const [found, expected] = [
      await gradients('GroupNormalization', scaleLength),
      await gradients('by hand', scaleLength),
    ];
    for (const [name, { data }] of Object.entries(expected)) {
      const other = Array.from(found[name]?.data ?? [], Number);
      for (const [i, value] of Array.from(data, Number).entries()) expect(other[i]).toBeCloseTo(value, 4);
    }
    expect(Object.keys(found)).toHaveLength(3);
  });
});

test('floats far from zero lose nothing by the normalization', async () => {
  const x = floats([1, 4], [1000, 1001, 1002, 1004]);
  const e = new Expressions();
  const input = e.input('x', 'float32', [1, 4]);
  const scale = e.constant(floats([4], [1, 1, 1, 1]));
  const y = e.op('LayerNormalization', [input, scale], { type: 'float32', dims: [1, 4] });
  const loss = e.sumAll(e.mul(y, e.constant(floats([4], [1, 0, 0, 0]))));
  const gradient = differentiate({ e, loss, wanted: [input.value] }).gradients.get(input.value);
  if (gradient === undefined) throw new RangeError('there is no gradient');
  e.output(gradient, 'gradient');
  const found = Array.from((await runModel(encodeModel(e.model()), { x }))['gradient']?.data ?? [], Number);
  // By hand: deviation² = 2.1875, n = (-1.75, -0.75, 0.25, 2.25) / deviation, (1 - 1/4 - n·n₀/4) / deviation.
  const deviation = Math.sqrt(2.1875 + 1e-5);
  const n = [-1.75, -0.75, 0.25, 2.25].map((c) => c / deviation);
  const expected = n.map((each, i) => ((i === 0 ? 1 : 0) - 0.25 - (each * (n[0] ?? 0)) / 4) / deviation);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 4);
});
