/** Floats of less than 32 bits with a sign, exponent and mantissa. */
export type SmallFloatType =
  | 'float16'
  | 'bfloat16'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'float4e2m1';

/** A binary float: sign, exponent and mantissa from the highest bit down. Codes are its bits without the sign. */
export interface FloatFormat {
  readonly bits: number;
  readonly mantissaBits: number;
  /** What is subtracted from a normal number's exponent field. */
  readonly bias: number;
  /** Code of the largest finite number. */
  readonly largest: number;
  readonly infinity: number | null;
  /** Code of the number that NaN becomes. */
  readonly nan: number;
  /** Formats without a negative zero (`uz`) have their only NaN in its place. */
  readonly negativeZero: boolean;
  /** Whether what is too large becomes the largest number: never, unless asked not to, or always. */
  readonly saturates: 'never' | 'by default' | 'always';
}

/**
 * Layouts by the onnx documents "Float stored in 8 bits" and "Float stored in 4 bits", IEEE 754-2008 for float16;
 * bfloat16 is the upper half of a float32.
 */
export const floatFormats: Readonly<Record<SmallFloatType, FloatFormat>> = {
  float16: ieee({ bits: 16, mantissaBits: 10, bias: 15, saturates: 'never' }),
  bfloat16: ieee({ bits: 16, mantissaBits: 7, bias: 127, saturates: 'never' }),
  float8e5m2: ieee({ bits: 8, mantissaBits: 2, bias: 15, saturates: 'by default' }),
  float8e4m3fn: {
    bits: 8,
    mantissaBits: 3,
    bias: 7,
    largest: 0x7e,
    infinity: null,
    nan: 0x7f,
    negativeZero: true,
    saturates: 'by default',
  },
  float8e4m3fnuz: withoutNegativeZero({ mantissaBits: 3, bias: 8 }),
  float8e5m2fnuz: withoutNegativeZero({ mantissaBits: 2, bias: 16 }),
  float4e2m1: {
    bits: 4,
    mantissaBits: 1,
    bias: 1,
    largest: 7,
    infinity: null,
    // It has no NaN; the document's table of casts says 6.
    nan: 7,
    negativeZero: true,
    saturates: 'always',
  },
};

type Layout = Pick<FloatFormat, 'mantissaBits' | 'bias'>;

/** The highest exponent is kept for infinity and NaN. */
function ieee(layout: Layout & Pick<FloatFormat, 'bits' | 'saturates'>): FloatFormat {
  const infinity = 2 ** (layout.bits - 1) - 2 ** layout.mantissaBits;
  const nan = infinity + 2 ** (layout.mantissaBits - 1);
  return { ...layout, largest: infinity - 1, infinity, nan, negativeZero: true };
}

function withoutNegativeZero(layout: Layout): FloatFormat {
  const rest = { infinity: null, nan: 0x80, negativeZero: false, saturates: 'by default' } as const;
  return { ...layout, bits: 8, largest: 0x7f, ...rest };
}

export function isSmallFloat(type: string): type is SmallFloatType {
  return Object.hasOwn(floatFormats, type);
}
