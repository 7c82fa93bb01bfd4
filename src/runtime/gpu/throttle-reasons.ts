/** Why the clock is where it is, of the driver's bit mask. Source: NVML's nvmlClocksEventReasons, nvml.h. */
const reasons = [
  ['idle', 0x1],
  ['application-clocks', 0x2],
  ['power-cap', 0x4],
  ['hardware-slowdown', 0x8],
  ['sync-boost', 0x10],
  ['thermal', 0x20],
  ['hardware-thermal', 0x40],
  ['power-brake', 0x80],
  ['display-clocks', 0x100],
] as const;

export const throttleReasons = [
  'application-clocks',
  'power-cap',
  'hardware-slowdown',
  'sync-boost',
  'thermal',
  'hardware-thermal',
  'power-brake',
  'display-clocks',
] as const;
export type ThrottleReason = (typeof throttleReasons)[number];

/**
 * Reasons of a mask such as `0x0000000000000004`; null for what is no mask. That a GPU is idle slows nothing down and
 * is left out, and so are bits that newer drivers may have.
 */
export function throttleReasonsOf(mask: string): readonly ThrottleReason[] | null {
  if (!/^0x[\da-f]{1,16}$/i.test(mask)) return null;
  const bits = BigInt(mask);
  return reasons.flatMap(([reason, bit]) => (reason !== 'idle' && (bits & BigInt(bit)) !== 0n ? [reason] : []));
}
