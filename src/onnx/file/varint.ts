/** Longest base-128 varint: ten bytes hold 64 bits. */
export const longestVarint = 10;

/** Decodes base-128 varints into two 32-bit halves; one object for many, for there are millions. */
export class Varint {
  /** Lower and upper half, unsigned. */
  low = 0;
  high = 0;
  /** Index behind the last byte. */
  end = 0;

  /** Reads the one at `start`; false when it is cut off by `limit` or has more than 64 bits. */
  read(bytes: Uint8Array, start: number, limit: number): boolean {
    const first = bytes[start] ?? 0;
    if (start >= limit) return false;
    if (first < 0x80) {
      this.low = first;
      this.high = 0;
      this.end = start + 1;
      return true;
    }
    return this.#readLong(bytes, start, Math.min(limit, start + longestVarint));
  }

  /** As a non-negative number; exact to 2^53. */
  get unsigned(): number {
    return this.high * 2 ** 32 + this.low;
  }

  get signed(): number {
    return signedOf(this.low, this.high);
  }

  get int64(): bigint {
    return int64Of(this.low, this.high);
  }

  #readLong(bytes: Uint8Array, start: number, limit: number): boolean {
    let low = 0;
    let high = 0;
    for (let at = start, shift = 0; at < limit; at++, shift += 7) {
      const byte = bytes[at] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high |= bits >>> 4;
      if (shift > 28) high |= bits << (shift - 32);
      if (byte >= 0x80) continue;
      // The tenth byte has room for one bit.
      if (shift === 63 && bits > 1) return false;
      this.low = low >>> 0;
      this.high = high >>> 0;
      this.end = at + 1;
      return true;
    }
    return false;
  }
}

/** Two unsigned halves as an int64; beyond ±2^53 it is rounded, and so no safe integer. */
export function signedOf(low: number, high: number): number {
  return (high | 0) * 2 ** 32 + low;
}

export function int64Of(low: number, high: number): bigint {
  if (high === 0) return sharedInts[low] ?? BigInt(low);
  return (BigInt(high | 0) << 32n) | BigInt(low);
}

/** Whether {@link int64Of} makes no new object for a number. */
export function isSharedInt(low: number, high: number): boolean {
  return high === 0 && low < sharedInts.length;
}

/** A forest of decision trees is a few lists of millions of integers, of which most are small. */
const sharedInts: readonly bigint[] = Array.from({ length: 1024 }, (_, index) => BigInt(index));
