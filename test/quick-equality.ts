import { expect } from 'vitest';

/**
 * Large typed arrays of the same bytes are equal at once: vitest would look at their elements one by one, which takes
 * seconds for a million. Others are left to it, for it says where they differ.
 */
function hasSameBytes(one: unknown, other: unknown): true | undefined {
  if (!ArrayBuffer.isView(one) || !ArrayBuffer.isView(other)) return undefined;
  if (one.constructor !== other.constructor || one.byteLength !== other.byteLength) return undefined;
  return Buffer.compare(bytesOf(one), bytesOf(other)) === 0 ? true : undefined;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

expect.addEqualityTesters([hasSameBytes]);
