import { describe, expect, it } from 'vitest';
import type { PlainAttribute } from '../../../src/onnx/graph-builder.ts';
import { fuseAffineIntoConv } from '../../../src/onnx/passes/fuse-affine-into-conv.ts';
import { fuseConvAdd } from '../../../src/onnx/passes/fuse-conv-add.ts';
import { fuseConvBatchNormalization } from '../../../src/onnx/passes/fuse-conv-batch-normalization.ts';
import { fuseConvMul } from '../../../src/onnx/passes/fuse-conv-mul.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

const image = [2, 4, 7, 6];

/** Conv to 6 channels. */
function conv(c: FusionCase, { group = 1, hasBias = true, x = c.x } = {}): Value {
  const inputs = [x, c.weights([6, 4 / group, 3, 3]), ...(hasBias ? [c.weights([6])] : [])];
  return c.g.op('Conv', inputs, { attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], group } });
}

/** ConvTranspose to 6 channels. */
function transposed(c: FusionCase, { group = 1, hasBias = true } = {}): Value {
  const inputs = [c.x, c.weights([4, 6 / group, 2, 3]), ...(hasBias ? [c.weights([6])] : [])];
  return c.g.op('ConvTranspose', inputs, { attributes: { kernel_shape: [2, 3], strides: [2, 2], group } });
}

const layers = [
  ['Conv', {}],
  ['Conv', { group: 2 }],
  ['Conv', { hasBias: false }],
  ['ConvTranspose', {}],
  ['ConvTranspose', { group: 2 }],
  ['ConvTranspose', { group: 2, hasBias: false }],
] as const;

function layer(c: FusionCase, op: 'Conv' | 'ConvTranspose', options: { group?: number; hasBias?: boolean }): Value {
  return op === 'Conv' ? conv(c, options) : transposed(c, options);
}

describe('fuse-conv-batch-normalization', () => {
  it.each(layers)('folds into %s %o', async (op, options) => {
    const c = new FusionCase(image);
    const y = c.batchNormalization(layer(c, op, options), 6);
    expect(await opsFused(fuseConvBatchNormalization, c.model(y), { feeds: c.feeds })).toEqual([op]);
  });

  it.each([7, 8, 9, 14, 15, 22])('at operator set %i', async (opset) => {
    const c = new FusionCase(image);
    const y = c.g.op('Relu', [c.batchNormalization(conv(c), 6)]);
    expect(await opsFused(fuseConvBatchNormalization, c.model(y, { opset }), { feeds: c.feeds })).toEqual([
      'Conv',
      'Relu',
    ]);
  });

  it('keeps the output’s name and order, and copies weights that another layer reads', async () => {
    const c = new FusionCase([1, 4, 5, 5]);
    const w = c.weights([4, 4, 1, 1]);
    const first = c.batchNormalization(c.g.op('Conv', [c.x, w]), 4);
    const y = c.batchNormalization(c.g.op('Conv', [first, w]), 4);
    const model = c.model(y);
    expect(await opsFused(fuseConvBatchNormalization, model, { feeds: c.feeds })).toEqual(['Conv', 'Conv']);
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(['y']);
    const weights = [...model.graph.nodes()].map((node) => node.input(1));
    expect(new Set(weights).size).toBe(2);
  });

  it('in float16, to its precision', async () => {
    const c = new FusionCase(image, 'float16');
    const model = c.model(c.batchNormalization(conv(c), 6));
    expect(await opsFused(fuseConvBatchNormalization, model, { feeds: c.feeds, tolerance: 4e-3 })).toEqual(['Conv']);
  });

  it('inside a subgraph, with weights from outside', async () => {
    const c = new FusionCase(image);
    const flag = c.g.op('Greater', [c.g.op('ReduceMax', [c.x], { attributes: { keepdims: 0 } }), c.scalar(0)]);
    const w = c.weights([6, 4, 3, 3]);
    const branch = (name: string) => {
      const g = c.g.subgraph(name);
      g.output(c.batchNormalization(g.op('Conv', [c.x, w]), 6, g), undefined, tensorType('float32'));
      return g.graph;
    };
    const attributes = { then_branch: branch('then'), else_branch: branch('else') };
    const model = c.model(c.g.op('If', [flag], { attributes }));
    expect(await opsFused(fuseConvBatchNormalization, model, { feeds: c.feeds })).toEqual([
      'ReduceMax',
      'Greater',
      'If',
    ]);
    expect(attributes.then_branch.nodeCount + attributes.else_branch.nodeCount).toBe(2);
  });

  it('leaves alone what somebody else reads, training, other channels and weights that are no constants', async () => {
    const shared = new FusionCase(image);
    const made = conv(shared);
    const y = shared.g.op('Add', [shared.batchNormalization(made, 6), made]);
    expect(await isLeftAlone(fuseConvBatchNormalization, shared.model(y), shared.feeds)).toBe(true);

    const returned = new FusionCase(image);
    const output = conv(returned);
    const after = returned.batchNormalization(output, 6);
    returned.g.output(output, 'conv', tensorType('float32'));
    expect(await isLeftAlone(fuseConvBatchNormalization, returned.model(after), returned.feeds)).toBe(true);

    const training = new FusionCase(image);
    const [first] = training.g.ops(
      'BatchNormalization',
      [conv(training), ...Array.from({ length: 4 }, () => training.weights([6], { low: 0.5 }))],
      { attributes: { training_mode: 1 }, outputs: 3 },
    );
    if (!first) throw new Error('unreachable');
    expect(await isLeftAlone(fuseConvBatchNormalization, training.model(first), training.feeds)).toBe(true);

    const fed = new FusionCase(image);
    const w = fed.input('w', [6, 4, 3, 3]);
    expect(
      await isLeftAlone(
        fuseConvBatchNormalization,
        fed.model(fed.batchNormalization(fed.g.op('Conv', [fed.x, w]), 6)),
        fed.feeds,
      ),
    ).toBe(true);
  });

  it('leaves weights alone that are inputs’ defaults, or that would overflow', async () => {
    const c = new FusionCase(image);
    const w = c.weights([6, 4, 3, 3]);
    const model = c.model(c.batchNormalization(c.g.op('Conv', [c.x, w]), 6));
    model.graph.exposeInitializer(w);
    expect(await isLeftAlone(fuseConvBatchNormalization, model, c.feeds)).toBe(true);

    const large = new FusionCase(image);
    const huge = large.constant([1], [3e38]);
    const y = large.g.op('Mul', [
      large.g.op('Conv', [large.x, large.weights([6, 4, 1, 1], { low: 9, high: 10 })]),
      huge,
    ]);
    expect(await isLeftAlone(fuseConvMul, large.model(y), large.feeds)).toBe(true);
  });
});

describe('fuse-conv-mul and fuse-conv-add', () => {
  const shapes = [[], [1], [6, 1, 1], [1, 6, 1, 1], [1, 1, 1, 1]];
  const cases = layers.flatMap(([op, options]) => shapes.map((dims) => ({ op, options, dims })));

  it.each(cases)('fold Mul and Add of $dims into $op $options', async ({ op, options, dims }) => {
    const scaled = new FusionCase(image);
    const product = scaled.g.op('Mul', [scaled.weights(dims), layer(scaled, op, options)]);
    expect(await opsFused(fuseConvMul, scaled.model(product), { feeds: scaled.feeds })).toEqual([op]);
    const shifted = new FusionCase(image);
    const sum = shifted.g.op('Add', [layer(shifted, op, options), shifted.weights(dims)]);
    expect(await opsFused(fuseConvAdd, shifted.model(sum), { feeds: shifted.feeds })).toEqual([op]);
  });

  it('fold Div, and Sub from either side', async () => {
    const divided = new FusionCase(image);
    const quotient = divided.g.op('Div', [conv(divided), divided.weights([6, 1, 1], { low: 0.3, high: 3 })]);
    expect(await opsFused(fuseConvMul, divided.model(quotient), { feeds: divided.feeds })).toEqual(['Conv']);
    for (const isLeft of [true, false]) {
      const c = new FusionCase(image);
      const pair = [conv(c), c.weights([6, 1, 1])];
      const y = c.g.op('Sub', isLeft ? pair : pair.toReversed());
      expect(await opsFused(fuseConvAdd, c.model(y), { feeds: c.feeds })).toEqual(['Conv']);
    }
  });

  it('fold several after each other, on 1-D images too', async () => {
    const c = new FusionCase([2, 4, 9]);
    const made = c.g.op('Conv', [c.x, c.weights([6, 4, 3])]);
    const y = c.g.op('Mul', [c.g.op('Div', [made, c.scalar(3)]), c.weights([6, 1])]);
    expect(await opsFused(fuseConvMul, c.model(y), { feeds: c.feeds })).toEqual(['Conv']);
  });

  it('leave other broadcasts, division of a constant and division by zero alone', async () => {
    for (const dims of [[6], [7, 6], [2, 1, 1, 1], [1, 1, 6, 1, 1]]) {
      const c = new FusionCase([2, 4, 7, 6]);
      const model = c.model(c.g.op('Add', [conv(c), c.weights(dims)]));
      expect(await isLeftAlone(fuseConvAdd, model, c.feeds)).toBe(true);
    }
    const grown = new FusionCase([2, 4, 7, 6]);
    const one = grown.g.op('Conv', [grown.x, grown.weights([1, 4, 1, 1])]);
    expect(
      await isLeftAlone(fuseConvAdd, grown.model(grown.g.op('Add', [one, grown.weights([6, 1, 1])])), grown.feeds),
    ).toBe(true);

    const inverse = new FusionCase(image);
    expect(
      await isLeftAlone(
        fuseConvMul,
        inverse.model(inverse.g.op('Div', [inverse.scalar(1), conv(inverse)])),
        inverse.feeds,
      ),
    ).toBe(true);
    const zero = new FusionCase(image);
    expect(await isLeftAlone(fuseConvMul, zero.model(zero.g.op('Div', [conv(zero), zero.scalar(0)])), zero.feeds)).toBe(
      true,
    );
  });

  it('leave float16 weights alone that would lose bits', async () => {
    const c = new FusionCase(image, 'float16');
    const y = c.g.op('Mul', [conv(c), c.scalar(2 ** -16)]);
    expect(await isLeftAlone(fuseConvMul, c.model(y), c.feeds)).toBe(true);
  });
});

describe('fuse-affine-into-conv', () => {
  function before(c: FusionCase, x: Value, attributes: Record<string, PlainAttribute> = {}, group = 2): Value {
    const kernel = c.weights([6, 4 / group, 3, 3]);
    return c.g.op('Conv', [x, kernel, c.weights([6])], { attributes: { kernel_shape: [3, 3], group, ...attributes } });
  }

  it.each([[[]], [[1]], [[4, 1, 1]], [[1, 4, 1, 1]]])('folds Mul and Div of %o, padded or not', async (dims) => {
    const c = new FusionCase(image);
    const scaled = c.g.op('Div', [c.g.op('Mul', [c.x, c.weights(dims)]), c.weights(dims, { low: 0.4, high: 3 })]);
    const y = before(c, scaled, { pads: [1, 0, 1, 2] });
    expect(await opsFused(fuseAffineIntoConv, c.model(y), { feeds: c.feeds })).toEqual(['Conv']);
  });

  it.each([1, 2])('folds Add, Sub and BatchNormalization where nothing is padded, group %i', async (group) => {
    const c = new FusionCase(image);
    const shifted = c.g.op('Sub', [c.weights([4, 1, 1]), c.g.op('Add', [c.x, c.weights([1])])]);
    const y = before(c, c.batchNormalization(shifted, 4), { auto_pad: 'VALID' }, group);
    expect(await opsFused(fuseAffineIntoConv, c.model(y), { feeds: c.feeds })).toEqual(['Conv']);
  });

  it('makes the bias that a shift needs', async () => {
    const c = new FusionCase(image);
    const y = c.g.op('Conv', [c.g.op('Add', [c.x, c.weights([4, 1, 1])]), c.weights([6, 4, 1, 1])]);
    expect(await opsFused(fuseAffineIntoConv, c.model(y), { feeds: c.feeds })).toEqual(['Conv']);
  });

  it.each([
    ['channels', [1, 1, 5, 5], [4, 1, 1]],
    ['an axis', [4, 5, 5], [1, 1, 1, 1]],
  ])('leaves a constant alone that gives the image %s', async (_, dims, constant) => {
    const c = new FusionCase(dims);
    const y = before(c, c.g.op('Mul', [c.x, c.weights(constant)]));
    expect(await isLeftAlone(fuseAffineIntoConv, c.model(y), c.feeds)).toBe(true);
  });

  it('leaves a shift before padding, shared weights, other readers and ConvTranspose alone', async () => {
    const padded = new FusionCase(image);
    const shifted = padded.g.op('Add', [padded.x, padded.scalar(1)]);
    expect(
      await isLeftAlone(
        fuseAffineIntoConv,
        padded.model(before(padded, shifted, { pads: [1, 1, 1, 1] })),
        padded.feeds,
      ),
    ).toBe(true);
    const same = new FusionCase(image);
    const plus = same.g.op('Add', [same.x, same.scalar(1)]);
    expect(
      await isLeftAlone(fuseAffineIntoConv, same.model(before(same, plus, { auto_pad: 'SAME_UPPER' })), same.feeds),
    ).toBe(true);

    const shared = new FusionCase([1, 4, 5, 5]);
    const w = shared.weights([4, 4, 1, 1]);
    const first = shared.g.op('Conv', [shared.g.op('Mul', [shared.x, shared.scalar(2)]), w]);
    expect(await isLeftAlone(fuseAffineIntoConv, shared.model(shared.g.op('Conv', [first, w])), shared.feeds)).toBe(
      true,
    );

    const read = new FusionCase(image);
    const doubled = read.g.op('Mul', [read.x, read.scalar(2)]);
    const made = read.g.op('Conv', [doubled, read.weights([4, 4, 1, 1])]);
    expect(await isLeftAlone(fuseAffineIntoConv, read.model(read.g.op('Add', [made, doubled])), read.feeds)).toBe(true);

    const up = new FusionCase(image);
    const kernel = up.weights([4, 6, 2, 2]);
    const y = up.g.op('ConvTranspose', [up.g.op('Add', [up.x, up.scalar(1)]), kernel]);
    expect(await isLeftAlone(fuseAffineIntoConv, up.model(y), up.feeds)).toBe(true);
  });
});
