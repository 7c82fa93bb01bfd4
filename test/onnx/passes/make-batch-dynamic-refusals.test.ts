import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/errors.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { makeBatchDynamic } from '../../../src/onnx/passes/make-batch-dynamic.ts';
import type { Write } from './batch-models.ts';
import { modelOf, shape, weights } from './batch-models.ts';

const mixing: Readonly<Record<string, readonly [Write, RegExp]>> = {
  'a sum over the batch': [(g, x) => g.op('ReduceSum', [x, shape(g, [0])], named), /reduces over samples/],
  'a mean of everything': [(g, x) => g.op('ReduceMean', [x], named), /reduces over samples/],
  'a reshape that drops the axis': [(g, x) => g.op('Reshape', [x, shape(g, [3, 4])], named), /mixes samples/],
  'a squeeze of the axis': [(g, x) => g.op('Squeeze', [x, shape(g, [0])], named), /axis of the samples away/],
  'a squeeze of all that is 1': [(g, x) => g.op('Squeeze', [x], named), /says no 'axes'/],
  'a constant set beside the samples': [
    (g, x) => g.op('Concat', [x, weights(g, [1, 1, 4])], { ...named, attributes: { axis: 1 } }),
    /made for one batch size/,
  ],
  'softmax over the batch': [
    (g, x) => g.op('Softmax', [x], { ...named, attributes: { axis: 0 } }),
    /along the samples/,
  ],
  'one picked sample': [(g, x) => g.op('Gather', [x, shape(g, [0])], named), /picks samples/],
  'a sample repeated': [(g, x) => g.op('Expand', [x, shape(g, [2, 3, 4])], named), /repeats samples/],
  'a slice of the samples': [(g, x) => g.op('Slice', [x, shape(g, [0]), shape(g, [1])], named), /some of the samples/],
  'an unknown operator': [(g, x) => g.op('Einsum', [x], { ...named, attributes: { equation: 'abc' } }), /not known/],
  'another domain': [(g, x) => g.op('Gelu', [x], { ...named, domain: 'com.microsoft' }), /not known/],
  'arithmetic with the batch size': [
    (g, x) => {
      const size = g.op('Mul', [g.op('Shape', [x]), shape(g, [1, 3, 1])], named);
      return g.op('Expand', [x, size]);
    },
    /computes with the batch size/,
  ],
  'a state for one sample': [
    (g, x) => {
      const turned = g.op('Transpose', [x], { attributes: { perm: [1, 0, 2] } });
      const state = weights(g, [1, 1, 2]);
      const inputs = [turned, weights(g, [1, 2, 4]), weights(g, [1, 2, 2]), null, null, state];
      return g.op('RNN', inputs, { ...named, attributes: { hidden_size: 2 } });
    },
    /initial state/,
  ],
  'a subgraph that reads samples': [
    (g, x) => {
      const [yes, no] = [g.subgraph('yes'), g.subgraph('no')];
      yes.output(yes.op('Neg', [x]));
      no.output(no.op('Abs', [x]));
      const condition = g.constant('c', { type: 'bool', dims: [], data: Uint8Array.of(1) });
      return g.op('If', [condition], { ...named, attributes: { then_branch: yes.graph, else_branch: no.graph } });
    },
    /subgraphs/,
  ],
  'samples along two axes': [
    (g, x) => g.op('Add', [x, g.op('Transpose', [x], { attributes: { perm: [1, 0, 2] } })], named),
    /different axes/,
  ],
};
const named = { name: 'it' } as const;

describe('makeBatchDynamic refuses', () => {
  it.each(Object.entries(mixing))('%s', (_, [write, problem]) => {
    const model = modelOf({ dims: [1, 3, 4], write });
    const before = encodeModel(model);
    const failure = () => makeBatchDynamic({ path: 'm.onnx' }).apply(model);
    expect(failure).toThrow(ModelError);
    const details = expect.objectContaining({ path: 'm.onnx', node: 'it', problem: expect.stringMatching(problem) });
    expect(failure).toThrow(expect.objectContaining({ code: 'batch-fixed', details }));
    expect(encodeModel(model)).toEqual(before);
  });

  it('to return the batch size', () => {
    const model = modelOf({ dims: [1, 3], write: (g, x) => g.op('Shape', [x]) });
    const details = expect.objectContaining({ problem: "output 'y' is a shape that holds the batch size" });
    expect(() => makeBatchDynamic({ path: 'm.onnx' }).apply(model)).toThrow(expect.objectContaining({ details }));
  });
});
