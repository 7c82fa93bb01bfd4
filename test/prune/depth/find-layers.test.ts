import { describe, expect, it } from 'vitest';
import { removeBlocks } from '../../../src/prune/depth/remove-blocks.ts';
import { blocksOf, expectRemoved, noise, sizeOf } from './block-check.ts';
import type { TransformerSpec } from './transformer-nets.ts';
import { transformer, width } from './transformer-nets.ts';

const mask = { type: 'float32', dims: [2, 1, 1, 4], data: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 0) } as const;
const feeds = { x: noise([2, 4, width], 'x'), mask };

const kinds: readonly (readonly [name: string, spec: Omit<TransformerSpec, 'layers'>])[] = [
  ['normalized in front', { norm: 'pre' }],
  ['normalized in front and behind the embedding', { norm: 'pre', embeddingNorm: true }],
  ['normalized behind', { norm: 'post' }],
  ['with RMS norms in plain operators', { norm: 'rms' }],
  ['with parallel attention and one sum', { halves: 'one sum' }],
  ['with parallel attention and two sums', { halves: 'two sums' }],
];

describe('findBlocks in transformers', () => {
  it.each(kinds)('finds whole layers, %s, and removes one and neighbors', async (_, spec) => {
    const layers = [0, 1, 2, 3];
    const blocks = await blocksOf(transformer({ ...spec, layers }), feeds);
    expect(blocks.map(({ lock }) => lock)).toEqual([null, null, null, null]);
    expect(blocks.slice(1).map(({ input }) => input)).toEqual(blocks.slice(0, -1).map(({ output }) => output));
    for (const gone of [[1], [0, 2, 3]]) {
      const without = transformer({ ...spec, layers: layers.filter((layer) => !gone.includes(layer)) });
      const model = transformer({ ...spec, layers });
      const names = [...model.graph.nodes()].map(({ name }) => name);
      const chosen = blocks.filter((_, index) => gone.includes(index));
      await expectRemoved(model, chosen.toReversed(), { without, feeds });
      expect(sizeOf(model)).toEqual(sizeOf(without));
      const left = new Set([...model.graph.nodes()].map(({ name }) => name));
      expect(chosen.flatMap(({ nodes }) => nodes)).toEqual(names.filter((name) => !left.has(name)));
    }
  });

  it('leaves the only norm behind the first layer where the embedding has none', async () => {
    const spec = { norm: 'post', embeddingNorm: false } as const;
    const model = transformer({ ...spec, layers: [0, 1, 2] });
    const blocks = await blocksOf(model, feeds);
    expect(blocks.map(({ lock }) => lock)).toEqual([null, null, null]);
    const ops = (block: (typeof blocks)[number]) =>
      [...model.graph.nodes()].filter(({ name, op }) => op === 'LayerNormalization' && block.nodes.includes(name))
        .length;
    expect(blocks.map((block) => ops(block))).toEqual([1, 2, 2]);
    await expectRemoved(model, blocks.slice(1), { without: transformer({ ...spec, layers: [0] }), feeds });
  });

  it('takes the halves of a single layer for blocks: nothing repeats', async () => {
    const model = transformer({ layers: [0] });
    const blocks = await blocksOf(model, feeds);
    expect(blocks).toHaveLength(2);
    expect(blocks[1]?.input).toBe(blocks[0]?.output);
  });

  it('keeps what the runtime returns behind every layer', async () => {
    const model = transformer({ layers: [0, 1, 2], returnsHidden: true });
    const blocks = await blocksOf(model, feeds);
    expect(blocks.map(({ name, lock }) => ({ name, lock }))).toEqual([
      { name: 'hidden.0', lock: null },
      { name: 'hidden.1', lock: null },
      { name: 'hidden.2', lock: null },
    ]);
    removeBlocks(model, blocks.slice(1));
    const hidden = transformer({ layers: [0], returnsHidden: true });
    const zero = hidden.graph.outputs[0];
    if (zero === undefined) throw new Error('it returns something');
    for (const name of ['hidden.1', 'hidden.2']) {
      const copy = hidden.graph.append({ op: 'Identity', inputs: [zero], outputs: [name] }).output(0);
      if (copy !== null) hidden.graph.addOutput(copy);
      copy?.setType(zero.type);
    }
    await expectRemoved(model, [], { without: hidden, feeds });
  });
});
