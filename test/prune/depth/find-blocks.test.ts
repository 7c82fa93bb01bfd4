import { describe, expect, it } from 'vitest';
import { Layers } from '../../../fixtures/training/layers.ts';
import { attributeOf } from '../../../src/onnx/attribute.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { npmModels } from '../../compute/npm-models.ts';
import { resnetLike } from '../../models/resnet-like.ts';
import { blocksOf, noise } from './block-check.ts';
import { transformer, width } from './transformer-nets.ts';

const mask = { type: 'float32', dims: [2, 1, 1, 4], data: new Float32Array(8) } as const;
const feeds = { x: noise([2, 4, width], 'x'), mask };
const image = noise([2, 4, 6, 6], 'image');

const locksIn = async (model: Model, given: NamedTensors) => (await blocksOf(model, given)).map(({ lock }) => lock);

/** x + conv(relu(conv(x))). */
function block(l: Layers, x: Value, name: string): Value {
  const inner = l.relu(l.conv(x, `${name}.conv1`, { from: 4, to: 4, kernel: 3 }), name);
  return l.node('Add', name, [x, l.conv(inner, `${name}.conv2`, { from: 4, to: 4, kernel: 3 })]);
}

function imageNet(write: (l: Layers, x: Value) => Value): Model {
  const l = new Layers('net', 1);
  const x = l.g.input('x', 'float32', ['batch', 4, 6, 6]);
  l.g.output(write(l, l.conv(x, 'stem', { from: 4, to: 4, kernel: 1 })), 'y', tensorType('float32', null));
  return l.g.model({ opset: 17 });
}

describe('findBlocks', () => {
  it('takes every block of a ResNet for itself and locks those that change the shape', async () => {
    const model = resnetLike({ width: 4, size: 16, stages: 2, blocksPerStage: 3, classes: 3 });
    const blocks = await blocksOf(model, { x: noise([1, 3, 16, 16], 'x') });
    expect(blocks.map(({ name, lock }) => ({ name, lock }))).toEqual([
      { name: '/layer1/0/out/Relu_output_0', lock: null },
      { name: '/layer1/1/out/Relu_output_0', lock: null },
      { name: '/layer1/2/out/Relu_output_0', lock: null },
      { name: '/layer2/0/out/Relu_output_0', lock: 'shape-changes' },
      { name: '/layer2/1/out/Relu_output_0', lock: null },
      { name: '/layer2/2/out/Relu_output_0', lock: null },
    ]);
    expect(blocks[0]?.input).toBe('/maxpool/MaxPool_output_0');
  });

  it('finds blocks whose stream other branches read, as detectors do', async () => {
    const model = imageNet((l, x) => {
      const first = block(l, x, 'a');
      const second = block(l, first, 'b');
      const sides = [x, first].map((value, index) => l.conv(value, `side${index}`, { from: 4, to: 2, kernel: 1 }));
      return l.node('Concat', 'y', [...sides, second], { axis: 1 });
    });
    expect(await blocksOf(model, { x: image })).toMatchObject([
      { input: '/stem/Conv_output_0', output: '/a/Add_output_0', lock: null },
      { input: '/a/Add_output_0', output: '/b/Add_output_0', lock: null },
    ]);
  });

  it('takes no skip over several blocks for one', async () => {
    const model = imageNet((l, x) => {
      const body = block(l, block(l, x, 'a'), 'b');
      return l.node('Add', 'long', [x, l.conv(body, 'long', { from: 4, to: 4, kernel: 3 })]);
    });
    expect(await blocksOf(model, { x: image })).toMatchObject([
      { name: '/a/Add_output_0' },
      { name: '/b/Add_output_0' },
    ]);
  });

  it('takes a single block in the branch of another for a part of it', async () => {
    const model = imageNet((l, x) => {
      const inner = block(l, l.conv(x, 'in', { from: 4, to: 4, kernel: 1 }), 'a');
      return l.node('Relu', 'y', [l.node('Add', 'outer', [x, l.conv(inner, 'out', { from: 4, to: 4, kernel: 1 })])]);
    });
    expect(await blocksOf(model, { x: image })).toMatchObject([
      { input: '/stem/Conv_output_0', name: '/outer/Add_output_0' },
    ]);
  });

  it('sees a stream of one sample that is spread over the batch', async () => {
    const l = new Layers('queries', 1);
    const x = l.g.input('x', 'float32', ['batch', 4, width]);
    const start = l.g.input('start', 'float32', [1, 4, width]);
    const scores = l.node('MatMul', 'mix', [l.linear(start, 'q', { from: width, to: width }), x]);
    l.g.output(l.node('Add', 'sum', [start, scores]), 'y', tensorType('float32', null));
    const square = noise([1, width, width], 'square');
    const model = l.g.model({ opset: 17 });
    x.setType(tensorType('float32', ['batch', width, width]));
    expect(await blocksOf(model, { x: square, start: noise([1, 4, width], 'start') })).toEqual([]);
    x.setType(tensorType('float32', [1, width, width]));
    expect(await blocksOf(model, { x: square, start: noise([1, 4, width], 'start') })).toHaveLength(1);
  });
});

describe('locks of blocks', () => {
  const past = Object.fromEntries([0, 1, 2].map((layer) => [`past.layer${layer}`, noise([2, 4, width], 'past')]));

  it('locks layers with a cache of their own', async () => {
    const model = transformer({ layers: [0, 1, 2], cache: 'in and out' });
    expect(await locksIn(model, { ...feeds, ...past })).toEqual(['carries-cache', 'carries-cache', 'carries-cache']);
  });

  it('locks layers that return something of their inside', async () => {
    const model = transformer({ layers: [0, 1, 2], cache: 'out' });
    expect(await locksIn(model, feeds)).toEqual(['makes-output', 'makes-output', 'makes-output']);
  });

  it('locks a block of whose inside somebody reads', async () => {
    const model = imageNet((l, x) => {
      const sum = block(l, x, 'a');
      const inner = sum.producer?.input(1) ?? x;
      return l.node('Concat', 'y', [l.relu(inner, 'peek'), sum], { axis: 1 });
    });
    expect(await locksIn(model, { x: image })).toEqual(['makes-output']);
  });

  it('locks a block that holds an If, or whose output one captures', async () => {
    const branches = (l: Layers, value: Value) =>
      ['Neg', 'Abs'].map((op, index) => {
        const branch = l.g.subgraph(op);
        branch.output(branch.op(op, [value]));
        return attributeOf.graph(index === 0 ? 'then_branch' : 'else_branch', branch.graph);
      });
    const chosen = (l: Layers, value: Value) => {
      const condition = l.node('Cast', 'is', [l.node('Size', 'is', [value])], { to: 9 });
      const made = l.node('If', 'choose', [condition]);
      for (const attribute of branches(l, value)) made.producer?.setAttribute(attribute);
      return made;
    };
    const holding = imageNet((l, x) => {
      const inner = chosen(l, l.conv(x, 'a', { from: 4, to: 4, kernel: 1 }));
      return block(l, l.node('Add', 'sum', [x, inner]), 'b');
    });
    expect(await locksIn(holding, { x: image })).toEqual(['in-control-flow', null]);
    const captured = imageNet((l, x) => chosen(l, block(l, x, 'a')));
    expect(await locksIn(captured, { x: image })).toEqual(['in-control-flow']);
  });
});

describe('findBlocks in real models', () => {
  const blocksIn = async (path: string, given: NamedTensors) => {
    const { model, close } = openModel(path);
    try {
      return await blocksOf(model, given);
    } finally {
      close();
    }
  };

  it('finds the three layers of the vision transformer', async () => {
    const blocks = await blocksIn('fixtures/digits/vit.onnx', { image: noise([1, 1, 28, 28], 'image') });
    expect(blocks.map(({ name, lock }) => ({ name, lock }))).toEqual(
      [0, 1, 2].map((layer) => ({ name: `/layer${layer}/Add_1_output_0`, lock: null })),
    );
  });

  it('locks the three layers of the decoder for their caches', async () => {
    const ids = (length: number) => ({
      type: 'int64' as const,
      dims: [1, length],
      data: new BigInt64Array(length).fill(1n),
    });
    const cache = Object.fromEntries(
      [0, 1, 2].flatMap((layer) =>
        ['key', 'value'].map((part) => [`past_key_values.${layer}.${part}`, noise([1, 4, 3, 24], part)]),
      ),
    );
    const given = { input_ids: ids(2), attention_mask: ids(5), position_ids: ids(2), ...cache };
    const blocks = await blocksIn('fixtures/text/decoder.onnx', given);
    expect(blocks.map(({ name, lock }) => ({ name, lock }))).toEqual(
      [0, 1, 2].map((layer) => ({ name: `/model/layers/${layer}/Add_1_output_0`, lock: 'carries-cache' })),
    );
  });

  it('finds the blocks of a MobileNet', async () => {
    const { path = '', feeds: given = {} } = npmModels['cls'] ?? {};
    const blocks = await blocksIn(path, given);
    expect(blocks.map(({ lock }) => lock)).toEqual([null, null, null, null, null, null, null]);
  });
});
