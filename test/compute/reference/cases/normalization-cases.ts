import fc from 'fast-check';
import { elementCount } from '../../../../src/onnx/dense-tensor.ts';
import type { OperatorCases } from '../operator-case.ts';
import { casesOf, draw, shapeAndAxis, shapes } from '../operator-case.ts';

function softmax(op: string): OperatorCases {
  return casesOf(op, fc.record({ shape: shapeAndAxis(), isDefault: fc.boolean() }), ({ shape, isDefault }) => ({
    draw: (random) => ({ x: draw(random, shape.dims) }),
    build: (g, input) => [g.op(op, [input('x')], { attributes: isDefault ? {} : { axis: shape.axis } })],
  }));
}

const epsilon = fc.constantFrom({}, { epsilon: { float: 0.01 } });

/** Of two elements only signs are left, and a gradient that all but cancels: it takes a large epsilon to see it. */
function epsilonFor(count: number, epsilon: { readonly epsilon?: { readonly float: number } }) {
  return count === 2 ? { epsilon: { float: 0.5 } } : epsilon;
}

const layerNormalization = casesOf(
  'LayerNormalization',
  fc.record({ shape: shapeAndAxis(), epsilon, hasBias: fc.boolean(), narrow: fc.boolean() }),
  ({ shape: { dims, axis }, epsilon, hasBias, narrow }) => {
    const own = dims.slice(axis);
    // Scale and bias may broadcast to the normalized axes.
    const scale = narrow && own.length > 1 ? own.with(0, 1) : own;
    return {
      draw: (random) => ({
        x: draw(random, dims),
        scale: draw(random, scale),
        ...(hasBias ? { bias: draw(random, scale) } : {}),
      }),
      build: (g, input) => [
        g.op('LayerNormalization', [input('x'), input('scale'), ...(hasBias ? [input('bias')] : [])], {
          attributes: { axis, ...epsilonFor(elementCount(own), epsilon) },
        }),
      ],
    };
  },
);

const rmsNormalization = casesOf(
  'RMSNormalization',
  fc.record({ shape: shapeAndAxis(), epsilon }),
  ({ shape: { dims, axis }, epsilon }) => ({
    opset: 23,
    draw: (random) => ({ x: draw(random, dims), scale: draw(random, dims.slice(axis)) }),
    build: (g, input) => [
      g.op('RMSNormalization', [input('x'), input('scale')], {
        attributes: { axis, ...(elementCount(dims.slice(axis)) === 1 ? { epsilon: { float: 0.5 } } : epsilon) },
      }),
    ],
  }),
);

const images = shapes({ minRank: 2, maxRank: 5, maxLength: 3 });

const batchNormalization = casesOf('BatchNormalization', fc.record({ dims: images, epsilon }), ({ dims, epsilon }) => ({
  draw: (random) => {
    const channels = dims.slice(1, 2);
    return { x: draw(random, dims), scale: draw(random, channels), bias: draw(random, channels) };
  },
  build: (g, input) => {
    const [, channels = 0] = dims;
    const statistics = (name: string, start: number) =>
      g.constant(name, {
        type: 'float32',
        dims: [channels],
        data: Float32Array.from({ length: channels }, (_, c) => start + c / 3),
      });
    const inputs = [input('x'), input('scale'), input('bias'), statistics('mean', -0.5), statistics('variance', 0.25)];
    return [g.op('BatchNormalization', inputs, { attributes: epsilon })];
  },
}));

const instanceNormalization = casesOf(
  'InstanceNormalization',
  fc.record({ dims: shapes({ minRank: 3, maxRank: 4, minLength: 2, maxLength: 3 }), epsilon }),
  ({ dims, epsilon }) => ({
    draw: (random) => ({
      x: draw(random, dims),
      scale: draw(random, dims.slice(1, 2)),
      bias: draw(random, dims.slice(1, 2)),
    }),
    build: (g, input) => [
      g.op('InstanceNormalization', [input('x'), input('scale'), input('bias')], {
        attributes: epsilonFor(elementCount(dims.slice(2)), epsilon),
      }),
    ],
  }),
);

const groupNormalization = casesOf(
  'GroupNormalization',
  fc.record({
    batch: fc.integer({ min: 1, max: 2 }),
    groups: fc.integer({ min: 1, max: 3 }),
    size: fc.integer({ min: 1, max: 2 }),
    spatial: shapes({ minRank: 1, maxRank: 2, minLength: 2, maxLength: 3 }),
    epsilon,
  }),
  ({ batch, groups, size, spatial, epsilon }) => {
    const channels = groups * size;
    return {
      opset: 21,
      draw: (random) => ({
        x: draw(random, [batch, channels, ...spatial]),
        scale: draw(random, [channels]),
        bias: draw(random, [channels]),
      }),
      build: (g, input) => [
        g.op('GroupNormalization', [input('x'), input('scale'), input('bias')], {
          attributes: { num_groups: groups, ...epsilonFor(size * elementCount(spatial), epsilon) },
        }),
      ],
    };
  },
);

export const normalizationCases: readonly OperatorCases[] = [
  softmax('Softmax'),
  softmax('LogSoftmax'),
  layerNormalization,
  rmsNormalization,
  batchNormalization,
  instanceNormalization,
  groupNormalization,
];
