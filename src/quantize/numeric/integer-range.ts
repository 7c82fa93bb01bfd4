/** Types that activations and weights are quantized to. */
export type IntegerType = 'uint8' | 'int8' | 'uint16' | 'int16';

export interface IntegerRange {
  readonly low: number;
  readonly high: number;
}

export interface RangeRule {
  /** Zero point in the middle: signed types leave their lowest integer out. */
  readonly symmetric: boolean;
  /** One bit less, so that 8-bit products do not saturate in pairs on processors without VNNI; wins over symmetric. */
  readonly reduced: boolean;
}

const fullRanges: Readonly<Record<IntegerType, IntegerRange>> = {
  uint8: { low: 0, high: 255 },
  int8: { low: -128, high: 127 },
  uint16: { low: 0, high: 65535 },
  int16: { low: -32768, high: 32767 },
};

const symmetricRanges: Readonly<Record<IntegerType, IntegerRange>> = {
  ...fullRanges,
  int8: { low: -127, high: 127 },
  int16: { low: -32767, high: 32767 },
};

const reducedRanges: Readonly<Record<IntegerType, IntegerRange>> = {
  uint8: { low: 0, high: 127 },
  int8: { low: -64, high: 64 },
  uint16: { low: 0, high: 32767 },
  int16: { low: -16384, high: 16384 },
};

/** Every integer of a type. */
export function fullRange(type: IntegerType): IntegerRange {
  return fullRanges[type];
}

/** The integers that scales are made for, as in onnxruntime's quant_utils.py. */
export function integerRange(type: IntegerType, { symmetric, reduced }: RangeRule): IntegerRange {
  if (reduced) return reducedRanges[type];
  return symmetric ? symmetricRanges[type] : fullRanges[type];
}
