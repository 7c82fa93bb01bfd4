import { UsageError } from '../errors.ts';
import type { NumericType } from '../onnx/data-type.ts';
import { type DenseTensor, elementCount } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import type { Random } from '../stats/seeded-random.ts';
import type { InputValue } from './input-value.ts';
import { makeTensor } from './make-tensor.ts';
import { parseElement } from './parse-element.ts';

interface ValueRequest {
  readonly value: Exclude<InputValue, { readonly kind: 'file' }>;
  readonly shape: readonly number[];
  readonly random: Random;
}

/**
 * An input filled with the value given for it. A list gives either every element or one row along the last axis.
 * @throws UsageError `bad-value` for text that the input's type has no element for, `shape-mismatch` for a list of
 * another length
 */
export function valueTensor(input: ValueSignature, { value, shape, random }: ValueRequest): DenseTensor {
  const { type } = input;
  if (value.kind === 'range') {
    const { from, to } = value;
    if (type === 'string') throw badValue(input, `${from}..${to}`);
    for (const end of [from, to]) element(input, type, String(end));
    return makeTensor(type, shape, () => from + random.integer(to - from + 1));
  }
  const texts = value.kind === 'list' ? value.items : [value.text];
  const count = elementCount(shape);
  if (value.kind === 'list' && texts.length !== count && texts.length !== shape.at(-1)) {
    throw new UsageError('shape-mismatch', { input: input.name, given: [texts.length], declared: input.shape });
  }
  if (type === 'string') {
    return { type, dims: shape, data: Array.from({ length: count }, (_, i) => texts[i % texts.length] ?? '') };
  }
  const elements = texts.map((text) => element(input, type, text));
  return makeTensor(type, shape, (i) => elements[i % elements.length] ?? 0);
}

function element(input: ValueSignature, type: NumericType, text: string): number | bigint {
  const parsed = parseElement(type, text);
  if (parsed === null) throw badValue(input, text);
  return parsed;
}

function badValue(input: ValueSignature, text: string): UsageError {
  return new UsageError('bad-value', {
    flag: '--input',
    value: `${input.name}=${text}`,
    expected: `a value of type ${input.type}`,
  });
}
