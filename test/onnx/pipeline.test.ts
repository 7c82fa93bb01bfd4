import { describe, expect, it } from 'vitest';
import { copyModel } from '../../src/compute/copy-model.ts';
import { GraphBuilder } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { Pass } from '../../src/onnx/pass.ts';
import { PassError } from '../../src/onnx/pass.ts';
import { applyToCopy, observed, sequence, untilStable } from '../../src/onnx/pipeline.ts';

function threeRelus(): Model {
  const g = new GraphBuilder();
  let value = g.input('x', 'float32', [1]);
  for (let i = 0; i < 3; i++) value = g.op('Relu', [value]);
  g.output(value);
  return g.model();
}

/** Turns one Relu into a Neg at each call. */
const negateOne: Pass<object> = {
  name: 'negate-one',
  apply: ({ graph }) => {
    const relu = [...graph.nodes()].find((node) => node.is('Relu'));
    relu?.setOp('Neg');
    return relu !== undefined;
  },
};
const idle: Pass<object> = { name: 'idle', apply: () => false };
const failing: Pass<object> = {
  name: 'failing',
  apply: () => {
    throw new RangeError('no');
  },
};
const ops = (model: Model) => [...model.graph.nodes()].map(({ op }) => op);

describe('pipelines', () => {
  it('run passes in order and tell whether any changed something', async () => {
    const model = threeRelus();
    expect(await sequence('twice', [idle, negateOne, negateOne]).apply(model, {})).toBe(true);
    expect(ops(model)).toEqual(['Neg', 'Neg', 'Relu']);
    expect(await sequence('nothing', [idle]).apply(model, {})).toBe(false);
  });

  it('repeat until nothing changes', async () => {
    const model = threeRelus();
    const changes: boolean[] = [];
    const pass = untilStable(observed(negateOne, (_, changed) => void changes.push(changed)));
    expect(await pass.apply(model, {})).toBe(true);
    expect(changes).toEqual([true, true, true, false]);
    expect(await pass.apply(model, {})).toBe(false);
  });

  it('end a pass that never settles', async () => {
    const restless: Pass<object> = { name: 'restless', apply: () => true };
    await expect(untilStable(restless).apply(threeRelus(), {})).rejects.toMatchObject({ pass: 'restless' });
  });

  it('name the pass that failed and those before it, also from within', async () => {
    const inner = sequence('inner', [idle, failing]);
    const error: unknown = await Promise.resolve(sequence('outer', [negateOne, inner]).apply(threeRelus(), {})).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PassError);
    expect(error).toMatchObject({ pass: 'failing', before: ['negate-one', 'idle'], cause: { message: 'no' } });
  });

  it('work on a copy and leave the model alone', async () => {
    const model = threeRelus();
    const copy = await applyToCopy(negateOne, model, { context: {}, copy: copyModel });
    expect(copy && ops(copy)).toEqual(['Neg', 'Relu', 'Relu']);
    expect(ops(model)).toEqual(['Relu', 'Relu', 'Relu']);
    expect(await applyToCopy(idle, model, { context: {}, copy: copyModel })).toBeNull();
  });
});
