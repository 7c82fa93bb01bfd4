import { isIntegerType } from '../onnx/data-type.ts';
import { arrayLengthOf, type DenseTensor, elementCount, type TensorElements } from '../onnx/dense-tensor.ts';
import { castTensor } from '../onnx/tensor-types/cast-tensor.ts';
import type { Label } from './dataset.ts';

/** Rows of labels as one label a sample: whole numbers as int64, texts as texts, others as tensors of their type. */
export function labelsOf(rows: DenseTensor): readonly Label[] {
  const [count = 0, ...dims] = rows.dims;
  const isWhole = isIntegerType(rows.type) || rows.type === 'bool';
  const { type, data } = isWhole ? castTensor(rows, 'int64') : rows;
  const size = arrayLengthOf(type, elementCount(dims));
  return Array.from({ length: count }, (_, i) => {
    const own = part(data, i * size, (i + 1) * size);
    const [text] = own;
    return dims.length === 0 && typeof text === 'string' ? text : { type, dims, data: own };
  });
}

/** A view where there can be one. */
function part(data: TensorElements, start: number, end: number): TensorElements {
  return ArrayBuffer.isView(data) ? data.subarray(start, end) : data.slice(start, end);
}
