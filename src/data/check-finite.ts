import { DataError } from '../errors.ts';
import type { DataType } from '../onnx/data-type.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import type { ValueOrigin } from './fit-type.ts';

/** Exponents of 16-bit floats, all ones in NaN and infinities. */
const exponents: Partial<Readonly<Record<DataType, number>>> = { float16: 0x7c_00, bfloat16: 0x7f_80 };

/** Refuses NaN and infinities: all that is computed from them would be NaN. @throws DataError `data-not-finite` */
export function checkFinite(input: string, tensor: DenseTensor, { path, sampleOf }: ValueOrigin): void {
  const bad = firstNonFinite(tensor);
  if (bad !== -1) throw new DataError('data-not-finite', { path, input, sample: sampleOf(bad) });
}

function firstNonFinite({ type, data }: DenseTensor): number {
  if (data instanceof Float32Array || data instanceof Float64Array) {
    // The difference is NaN for NaN and infinities: twice as fast as asking for each.
    for (let i = 0; i < data.length; i++) if ((data[i] ?? 0) - (data[i] ?? 0) !== 0) return i;
    return -1;
  }
  const exponent = exponents[type];
  if (exponent === undefined || !(data instanceof Uint16Array)) return -1;
  return data.findIndex((pattern) => (pattern & exponent) === exponent);
}
