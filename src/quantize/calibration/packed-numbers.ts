/**
 * Whole numbers from 0 as text: base64 of LEB128, seven bits a byte, the lowest first, the highest bit set in all bytes
 * of a number but its last.
 */
export function packCounts(counts: Float64Array): string {
  const bytes: number[] = [];
  for (const count of counts) {
    let rest = count;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(128 + (rest % 128));
    bytes.push(rest);
  }
  return Buffer.from(bytes).toString('base64');
}

/** Back to `length` numbers; null where the text holds more, fewer or something else. */
export function unpackCounts(text: string, length: number): Float64Array | null {
  const counts = new Float64Array(length);
  let index = 0;
  let weight = 1;
  for (const byte of Buffer.from(text, 'base64')) {
    if (index === length) return null;
    counts[index] = (counts[index] ?? 0) + (byte % 128) * weight;
    weight *= 128;
    if (byte >= 128) continue;
    weight = 1;
    index++;
  }
  return index === length && weight === 1 ? counts : null;
}

/** Numbers as text: base64 of float64, little-endian. */
export function packDoubles(numbers: Float64Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
}

/** Null where the text holds no whole float64 numbers. */
export function unpackDoubles(text: string): Float64Array | null {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return bytes.length % 8 === 0 ? new Float64Array(bytes.buffer) : null;
}
