const smallestNormal = 2 ** -14;
/** Halfway between the largest float16, 65504, and the next step, 65536: rounds to infinity. */
const overflow = 65520;

/** IEEE 754 binary16 bits of a number, rounded to nearest, ties to even. */
export function encodeFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x80_00 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e_00;
  if (magnitude >= overflow) return sign | 0x7c_00;
  if (magnitude < smallestNormal) return sign | roundToEven(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  // 1024 … 2048: a mantissa of 2048 carries into the exponent by itself.
  const mantissa = roundToEven(magnitude / 2 ** (exponent - 10));
  return sign | (((exponent + 15) << 10) + mantissa - 1024);
}

/** The number that IEEE 754 binary16 bits stand for. */
export function decodeFloat16(bits: number): number {
  const sign = bits & 0x80_00 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3_ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return rest < 0.5 ? floor : floor + 1;
}
