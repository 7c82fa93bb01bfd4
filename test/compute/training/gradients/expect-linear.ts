import { expect } from 'vitest';
import type { DenseTensor } from '../../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../../src/onnx/dense-tensor.ts';
import { tensorOfNumbers } from '../../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { numbersOf } from '../../../../src/onnx/tensor-types/numbers-of.ts';
import { inProcessRunner } from '../../../numerics/in-process-runner.ts';
import type { Differentiable } from './differentiated.ts';
import { differentiated, forwardModel, weightsOf } from './differentiated.ts';

/**
 * Holds gradients of an operator that is linear in each of its float inputs against the runtime's own forward one: the
 * gradient at a place is the difference of Σ W·y between 1 and 0 there, whatever the others hold.
 */
export async function expectLinear(each: Differentiable): Promise<void> {
  const { gradients, frozen } = await differentiated(each);
  expect(frozen).toEqual({});
  const floats = Object.entries(each.feeds).filter(([, { type }]) => type === 'float32');
  expect(Object.keys(gradients).toSorted()).toEqual(floats.map(([name]) => name).toSorted());
  const loaded = await inProcessRunner().load({ bytes: forwardModel(each) });
  const loss = async (name: string, tensor: DenseTensor): Promise<number> => {
    const { result } = await loaded.run({ ...each.feeds, [name]: tensor });
    if (result === undefined) throw new Error('the result is missing');
    const weights = weightsOf(elementCount(result.dims));
    return weights.reduce((sum, weight, i) => sum + weight * (numbersOf(result)[i] ?? 0), 0);
  };
  for (const [name, tensor] of floats) {
    const start = Array.from(numbersOf(tensor));
    const zero = tensorOfNumbers(
      'float32',
      tensor.dims,
      start.map(() => 0),
    );
    const base = await loss(name, zero);
    for (const place of start.keys()) {
      const unit = tensorOfNumbers(
        'float32',
        tensor.dims,
        start.map((_, i) => (i === place ? 1 : 0)),
      );
      expect(gradients[name]?.[place], `${name}[${place}]`).toBeCloseTo((await loss(name, unit)) - base, 4);
    }
  }
  await loaded.release();
}

/** Numbers between -1 and 1 without a pattern. */
export function drawn(...dims: readonly number[]): DenseTensor {
  const count = elementCount(dims);
  return tensorOfNumbers(
    'float32',
    dims,
    Array.from({ length: count }, (_, i) => Math.sin(3 * i + 2)),
  );
}
