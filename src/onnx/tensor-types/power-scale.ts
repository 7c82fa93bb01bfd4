const nan = 255;
const smallest = 2 ** -127;
const largest = 2 ** 127;

/** The power of two that float8e8m0 bits stand for (OCP Microscaling Formats, 5.4.1); 255 is NaN. */
export function decodeScale(code: number): number {
  return code === nan ? Number.NaN : 2 ** (code - 127);
}

/**
 * float8e8m0 bits of numbers, rounded up to a power of two as ONNX's Cast does by default. Saturating, what is too
 * large (infinity too) becomes 2^127 and what is too small, zero and negative, 2^-127; else they become NaN.
 */
export function encodeScales(
  values: ArrayLike<number>,
  { saturate = true }: { readonly saturate?: boolean } = {},
): Uint8Array {
  return Uint8Array.from(values, (value) => {
    if (value >= smallest && value <= largest) return exponentAbove(value) + 127;
    if (Number.isNaN(value) || !saturate) return nan;
    return value > largest ? 254 : 0;
  });
}

/** The least whole n with 2^n >= value. */
function exponentAbove(value: number): number {
  const guess = Math.ceil(Math.log2(value));
  // log2 may round across a whole number.
  if (2 ** guess < value) return guess + 1;
  return 2 ** (guess - 1) >= value ? guess - 1 : guess;
}
