/** int64 or uint64 elements. */
export type WideIntegers = BigInt64Array | BigUint64Array;

const wordRange = 2 ** 32;
/** Upper words of numbers that a double may not hold exactly. */
const exactHigh = 2 ** 21;

export function isWide(data: unknown): data is WideIntegers {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

/** 32-bit words of 64-bit elements, the low one first. A BigInt an element would be tens of times slower. */
export function lowWords(data: WideIntegers): Int32Array {
  const words = wordsOf(data);
  const low = new Int32Array(data.length);
  for (let i = 0; i < low.length; i++) low[i] = words[2 * i] ?? 0;
  return low;
}

/** As doubles: exact to 2^53, beyond it the nearest. */
export function wideToNumbers(data: WideIntegers): Float64Array {
  return combine(data, (low) => low);
}

/**
 * As doubles that round to float32 or smaller as the integers themselves would: beyond 2^53 the bits that a double
 * cannot hold are gathered in its last one.
 */
export function wideToRoundableNumbers(data: WideIntegers): Float64Array {
  return combine(data, (low, high) => {
    if (high >= -exactHigh && high < exactHigh) return low;
    const kept = low - (low % 0x8_00);
    return low === kept || kept % 0x10_00 !== 0 ? kept : kept + 0x8_00;
  });
}

/** Whole numbers in 64 bits, truncated toward zero, the low 64 bits of larger ones; NaN and infinities become 0. */
export function wideFromNumbers(type: 'int64' | 'uint64', values: ArrayLike<number>): WideIntegers {
  const data = type === 'int64' ? new BigInt64Array(values.length) : new BigUint64Array(values.length);
  const words = wordsOf(data);
  for (let i = 0; i < values.length; i++) {
    const value = Math.trunc(values[i] ?? 0);
    // Typed arrays take numbers modulo 2^32; both parts are exact.
    words[2 * i] = value;
    words[2 * i + 1] = Math.floor(value / wordRange);
  }
  return data;
}

function combine(data: WideIntegers, lowPart: (low: number, high: number) => number): Float64Array {
  const words = wordsOf(data);
  const signed = data instanceof BigInt64Array;
  const numbers = new Float64Array(data.length);
  for (let i = 0; i < numbers.length; i++) {
    const word = words[2 * i + 1] ?? 0;
    const high = signed ? word | 0 : word;
    numbers[i] = high * wordRange + lowPart(words[2 * i] ?? 0, high);
  }
  return numbers;
}

function wordsOf(data: WideIntegers): Uint32Array {
  return new Uint32Array(data.buffer, data.byteOffset, 2 * data.length);
}
