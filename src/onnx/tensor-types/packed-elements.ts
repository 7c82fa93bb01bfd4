/** Elements of 2 or 4 bits in bytes, the first one in the lowest bits; of numbers only the low bits are kept. */
export function packElements(values: ArrayLike<number>, bits: number): Uint8Array {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  const bytes = new Uint8Array(Math.ceil(values.length / perByte));
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor(i / perByte);
    bytes[at] = (bytes[at] ?? 0) | (((values[i] ?? 0) & mask) << (bits * (i % perByte)));
  }
  return bytes;
}

/** The bits of each packed element, not sign-extended. */
export function unpackElements(bytes: ArrayLike<number>, bits: number, count: number): Uint8Array {
  const perByte = 8 / bits;
  const mask = 2 ** bits - 1;
  const codes = new Uint8Array(count);
  for (let i = 0; i < count; i++) codes[i] = ((bytes[Math.floor(i / perByte)] ?? 0) >> (bits * (i % perByte))) & mask;
  return codes;
}

/** Codes of that many bits read in two's complement. */
export function signExtend(codes: Uint8Array, bits: number): Int8Array {
  const shift = 8 - bits;
  const values = new Int8Array(codes);
  for (let i = 0; i < values.length; i++) values[i] = ((values[i] ?? 0) << (24 + shift)) >> (24 + shift);
  return values;
}
