import { describe, expect, it } from 'vitest';
import type { FedModel } from '../../src/commands/fed-model.ts';
import { jointInputs } from '../../src/commands/joint-inputs.ts';
import { findBatchAxis } from '../../src/data/batch-axis.ts';
import type { ValueSignature } from '../../src/onnx/signature.ts';

type Input = readonly [name: string, type: ValueSignature['type'], shape: ValueSignature['shape']];

function fed(name: string, ...inputs: readonly Input[]): FedModel {
  const values = inputs.map(([input, type, shape]) => ({ name: input, type, shape }));
  return { name, signature: { inputs: values, outputs: [] }, batchAxis: findBatchAxis(values) };
}

const open = fed('open', ['x', 'float32', ['batch', 3, 'h', 'w']]);
const fixed = fed('fixed', ['x', 'float32', [1, 3, 224, 'width']]);

describe('jointInputs', () => {
  it('are the own ones of a single model', () => {
    const { inputs, batchAxis } = jointInputs({ model: open, reference: null });
    expect(inputs).toBe(open.signature.inputs);
    expect(batchAxis).toEqual({ kind: 'symbolic', dimension: 'batch', also: [] });
  });

  it.each([
    [open, fixed, ['x', [1, 3, 224, 'width']]],
    [fixed, open, ['x', [1, 3, 224, 'width']]],
  ] as const)('leave open only what both do', (model, reference, [name, shape]) => {
    const { inputs, batchAxis } = jointInputs({ model, reference });
    expect(inputs).toEqual([{ name, type: 'float32', shape }]);
    expect(batchAxis).toEqual({ kind: 'fixed', size: 1 });
  });

  it('hold the wider of two types', () => {
    const half = fed('half', ['x', 'float16', ['n', 3, 'h', 'w']]);
    expect(jointInputs({ model: half, reference: open }).inputs[0]?.type).toBe('float32');
    const ids = (type: ValueSignature['type']) => fed(type, ['ids', type, ['batch', 'seq']]);
    expect(jointInputs({ model: ids('int32'), reference: ids('int64') }).inputs[0]?.type).toBe('int64');
  });

  it('have those that one model alone takes, by the name of the other’s batch', () => {
    const state = fed('state', ['x', 'float32', ['n', 3, 'h', 'w']], ['state', 'float32', [2, 'n', 64]]);
    expect(jointInputs({ model: open, reference: state }).inputs[1]?.shape).toEqual([2, 'batch', 64]);
    expect(jointInputs({ model: fixed, reference: state }).inputs[1]?.shape).toEqual([2, 1, 64]);
    expect(jointInputs({ model: state, reference: open }).inputs[1]?.shape).toEqual([2, 'n', 64]);
  });

  it.each([
    [fed('other', ['x', 'float32', ['batch', 4, 'h', 'w']]), 'float32[batch, 4, h, w]'],
    [fed('flat', ['x', 'float32', ['batch', 3]]), 'float32[batch, 3]'],
    [fed('whole', ['x', 'int64', ['batch', 3, 'h', 'w']]), 'int64[batch, 3, h, w]'],
    [fed('brain', ['x', 'string', ['batch', 3, 'h', 'w']]), 'string[batch, 3, h, w]'],
  ])('are refused where nothing suits both: %#', (reference, expected) => {
    expect(() => jointInputs({ model: open, reference })).toThrow(
      expect.objectContaining({
        code: 'inputs-unlike',
        details: { model: 'open', reference: reference.name, input: 'x', found: 'float32[batch, 3, h, w]', expected },
      }),
    );
  });
});
