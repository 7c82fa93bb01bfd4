import { describe, expect, it } from 'vitest';
import { Layers } from '../../../fixtures/training/layers.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { removeBlocks } from '../../../src/prune/depth/remove-blocks.ts';
import { runModel } from '../../numerics/run-model.ts';
import { opsOf } from '../../onnx/passes/clean-up-check.ts';
import { blocksOf, noise } from './block-check.ts';

/** Blocks that share their weights, from the very input to the very output. */
function bareStream(blocks: number) {
  const l = new Layers('bare', 1);
  const type = tensorType('float32', ['batch', 4]);
  let x = l.g.input('x', type);
  const weight = l.weight('weight', [4, 4], 1);
  for (let index = 0; index < blocks; index++)
    x = l.node('Add', `block${index}`, [x, l.node('MatMul', `block${index}`, [x, weight])]);
  l.g.output(x, 'y', type);
  return l.g.model({ opset: 17 });
}

const feeds = { x: noise([3, 4], 'x') };

describe('removeBlocks', () => {
  it('keeps weights that other blocks read', async () => {
    const model = bareStream(3);
    const blocks = await blocksOf(model, feeds);
    removeBlocks(model, blocks.slice(0, 1));
    checkGraph(model);
    expect([...model.graph.initializers].map(({ name }) => name)).toEqual(['weight']);
    expect(await runModel(encodeModel(model), feeds)).toEqual(await runModel(encodeModel(bareStream(2)), feeds));
  });

  it('copies an input that becomes an output', async () => {
    const model = bareStream(2);
    removeBlocks(model, await blocksOf(model, feeds));
    checkGraph(model);
    expect(opsOf(model)).toEqual(['Identity']);
    expect([...model.graph.initializers]).toEqual([]);
    expect(await runModel(encodeModel(model), feeds)).toEqual({ y: feeds.x });
  });

  it('changes nothing when it is given a block that is locked or not there', async () => {
    const model = bareStream(2);
    const [first, second] = await blocksOf(model, feeds);
    if (first === undefined || second === undefined) throw new Error('there are two');
    const bytes = encodeModel(model);
    expect(() => removeBlocks(model, [first, { ...second, lock: 'makes-output' }])).toThrow(
      new RangeError("block 'y' is locked: makes-output"),
    );
    expect(() => removeBlocks(model, [first, { ...second, output: 'nowhere' }])).toThrow(RangeError);
    expect(() => removeBlocks(model, [{ ...first, output: 'x' }])).toThrow(RangeError);
    expect(encodeModel(model)).toEqual(bytes);
    removeBlocks(model, []);
    expect(encodeModel(model)).toEqual(bytes);
  });
});
