import { describe, expect, it } from 'vitest';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { fuseActivations } from '../../../src/onnx/passes/fuse-activations.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { FusionCase, isLeftAlone, opsFused } from './fusion-check.ts';

/** `relu`, or bounds of a Clip; null leaves one out. */
type Step = 'relu' | readonly [number | null, number | null];

function activation(c: FusionCase, x: Value, { step, opset }: { step: Step; opset: number }): Value {
  if (step === 'relu') return c.g.op('Relu', [x]);
  const [low, high] = step;
  if (opset >= 11)
    return c.g.op('Clip', [x, low === null ? null : c.scalar(low), high === null ? null : c.scalar(high)]);
  const attributes = {
    ...(low === null ? {} : { min: { float: low } }),
    ...(high === null ? {} : { max: { float: high } }),
  };
  return c.g.op('Clip', [x], { attributes });
}

const pairs: readonly { first: Step; second: Step; ops: readonly string[] }[] = [
  { first: 'relu', second: 'relu', ops: ['Relu'] },
  { first: 'relu', second: [0, 3], ops: ['Clip'] },
  { first: [0, 3], second: 'relu', ops: ['Clip'] },
  { first: 'relu', second: [-1, 3], ops: ['Clip'] },
  { first: [-1, 3], second: 'relu', ops: ['Clip'] },
  { first: [-2, null], second: [null, 1], ops: ['Clip'] },
  { first: [-2, 1], second: [-1, 2], ops: ['Clip'] },
  { first: [1, 3], second: [-3, -1], ops: ['Clip'] },
  // A bound left out is the largest number of the type: infinity is clipped to it.
  { first: [-1, null], second: 'relu', ops: ['Clip'] },
  { first: 'relu', second: [-1, null], ops: ['Clip'] },
];

describe('fuse-activations', () => {
  it.each([10, 17].flatMap((opset) => pairs.map((pair) => ({ opset, ...pair }))))(
    'joins $first and $second at operator set $opset',
    async ({ opset, first, second, ops }) => {
      const c = new FusionCase([4, 50]);
      const inner = activation(c, c.x, { step: first, opset });
      const y = activation(c, inner, { step: second, opset });
      expect(await opsFused(fuseActivations, c.model(y, { opset }), { feeds: c.feeds })).toEqual(ops);
    },
  );

  it.each([10, 17])('clips infinity as before at operator set %i', async (opset) => {
    const infinite: DenseTensor = { type: 'float32', dims: [3], data: Float32Array.of(Infinity, -Infinity, 1) };
    for (const steps of [
      ['relu', [-1, null]],
      [[-1, null], 'relu'],
      [
        [null, 3],
        [null, 2],
      ],
    ] as const) {
      const c = new FusionCase([3]);
      const [first, second] = steps;
      const clipped = activation(c, activation(c, c.x, { step: first, opset }), { step: second, opset });
      const model = c.model(c.g.op('Mul', [clipped, c.scalar(1e-38)]), { opset });
      expect(await opsFused(fuseActivations, model, { feeds: { x: infinite } })).toEqual(['Clip', 'Mul']);
    }
  });

  it('joins a whole chain, in float16 too', async () => {
    const c = new FusionCase([4, 50], 'float16');
    const inner = activation(c, c.g.op('Relu', [c.g.op('Relu', [c.x])]), { step: [-2, 2.5], opset: 13 });
    const y = c.g.op('Relu', [activation(c, inner, { step: [null, 1.5], opset: 13 })]);
    expect(await opsFused(fuseActivations, c.model(y, { opset: 13 }), { feeds: c.feeds })).toEqual(['Clip']);
  });

  it.each(['Abs', 'Ceil', 'Floor', 'Round', 'Sign'])('keeps one %s of two', async (op) => {
    const c = new FusionCase([4, 50]);
    const y = c.g.op(op, [c.g.op(op, [c.x])]);
    expect(await opsFused(fuseActivations, c.model(y), { feeds: c.feeds })).toEqual([op]);
  });

  it('removes Neg of Neg and Not of Not', async () => {
    const c = new FusionCase([4, 50]);
    const y = c.g.op('Neg', [c.g.op('Neg', [c.g.op('Exp', [c.x])])]);
    expect(await opsFused(fuseActivations, c.model(y), { feeds: c.feeds })).toEqual(['Exp']);
    const d = new FusionCase([4, 50]);
    const isPositive = d.g.op('Greater', [d.x, d.scalar(0)]);
    const not = d.g.op('Not', [d.g.op('Not', [isPositive])]);
    const model = d.model(not, { type: 'bool' });
    expect(await opsFused(fuseActivations, model, { feeds: d.feeds })).toEqual(['Greater']);
  });

  it('drops the second where the first does it already, though others read the first', async () => {
    const c = new FusionCase([4, 50]);
    const relu = c.g.op('Relu', [c.x]);
    const y = c.g.op('Add', [relu, c.g.op('Relu', [relu])]);
    expect(await opsFused(fuseActivations, c.model(y), { feeds: c.feeds })).toEqual(['Relu', 'Add']);
  });

  it('leaves both where both are needed', async () => {
    const read = new FusionCase([4, 50]);
    const relu = read.g.op('Relu', [read.x]);
    const clip = activation(read, relu, { step: [0, 1], opset: 17 });
    expect(await isLeftAlone(fuseActivations, read.model(read.g.op('Add', [relu, clip])), read.feeds)).toBe(true);

    const returned = new FusionCase([4, 50]);
    const first = returned.g.op('Relu', [returned.x]);
    const y = returned.g.op('Relu', [first]);
    returned.g.output(first, 'first', tensorType('float32'));
    const model = returned.model(y);
    expect(await isLeftAlone(fuseActivations, model, returned.feeds)).toBe(true);
    expect(model.graph.outputs).toHaveLength(2);

    const passed = new FusionCase([4, 50]);
    expect(
      await isLeftAlone(
        fuseActivations,
        passed.model(passed.g.op('Neg', [passed.g.op('Neg', [passed.x])])),
        passed.feeds,
      ),
    ).toBe(true);
  });

  it('leaves bounds alone that are fed or contradict each other', async () => {
    const fed = new FusionCase([4, 50]);
    const clip = fed.g.op('Clip', [fed.g.op('Relu', [fed.x]), fed.input('low', [])]);
    expect(await isLeftAlone(fuseActivations, fed.model(clip), fed.feeds)).toBe(true);
    const crossed = new FusionCase([4, 50]);
    const odd = activation(crossed, crossed.g.op('Relu', [crossed.x]), { step: [3, 1], opset: 17 });
    expect(await isLeftAlone(fuseActivations, crossed.model(odd), crossed.feeds)).toBe(true);
  });
});
