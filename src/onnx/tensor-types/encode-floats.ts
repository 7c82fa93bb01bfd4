import { type FloatFormat, floatFormats, type SmallFloatType } from './float-format.ts';

const signBit = 0x80_00_00_00;
const float32Infinity = 0x7f_80_00_00;
const float32MantissaBits = 23;
const float32Bias = 127;

/**
 * The bits of each number in a smaller float type, one element of the result each, rounded to nearest and ties to
 * even. By the tables of ONNX's Cast: 8-bit floats saturate (infinity becomes the largest number) unless told not to,
 * float4e2m1 always does, float16 and bfloat16 never.
 */
export function encodeFloats(
  type: SmallFloatType,
  values: Float32Array,
  { saturate = true }: { readonly saturate?: boolean } = {},
): Uint8Array | Uint16Array {
  const format = floatFormats[type];
  const patterns = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const codes = format.bits === 16 ? new Uint16Array(values.length) : new Uint8Array(values.length);
  const saturating = format.saturates === 'always' || (format.saturates === 'by default' && saturate);
  const overflow = saturating ? format.largest : (format.infinity ?? format.nan);
  const sign = 2 ** (format.bits - 1);
  // Plain integer arithmetic on the bits: a model's weights are hundreds of millions of elements.
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i] ?? 0;
    const magnitude = pattern & ~signBit;
    let code = magnitude > float32Infinity ? format.nan : roundToFormat(magnitude, format);
    if (magnitude <= float32Infinity && code > format.largest) code = overflow;
    const signed = pattern >= signBit && (format.negativeZero || (code !== 0 && code !== format.nan));
    codes[i] = signed ? code | sign : code;
  }
  return codes;
}

/** Code of a float32's magnitude bits; past the largest finite one where it is too large. */
function roundToFormat(magnitude: number, { mantissaBits, bias }: FloatFormat): number {
  const exponent = (magnitude >>> float32MantissaBits) - float32Bias + bias;
  const shift = float32MantissaBits - mantissaBits;
  // With float32's own bias (bfloat16), subnormal numbers are laid out as in float32.
  if (exponent >= 1 || bias === float32Bias) {
    return shiftToEven(magnitude, shift) - ((float32Bias - bias) << mantissaBits);
  }
  const subnormalShift = shift + 1 - exponent;
  // Less than half of the smallest number. A float32's own subnormals are far below it.
  if (subnormalShift > float32MantissaBits + 1) return 0;
  return shiftToEven((magnitude & 0x7f_ff_ff) | 0x80_00_00, subnormalShift);
}

/** `value / 2^shift`, ties to even. A carry out of the mantissa raises the exponent, as it should. */
function shiftToEven(value: number, shift: number): number {
  return (value + (1 << (shift - 1)) - 1 + ((value >>> shift) & 1)) >>> shift;
}
