import { largestFloat16, smallestNormalFloat16 } from './float16-limits.ts';

/** How often a value's elements fell into equal bins from `low` to `high`. */
export interface ValueHistogram {
  readonly low: number;
  readonly high: number;
  readonly counts: ArrayLike<number>;
}

/** What calibration saw of a value in float32. */
export interface ValueStatistics {
  readonly min: number;
  readonly max: number;
  readonly histogram?: ValueHistogram | null;
}

/** What float16 would do to a value. */
export type Float16Trouble = 'overflow' | 'vanish';

/** Other data than that of the calibration may reach further by this factor. */
const headroom = 8;
const safeMagnitude = (0.9 * largestFloat16) / headroom;

/** Beyond it nothing is measured: it is a mask's "minus infinity", which clamped does the same. */
const sentinelMagnitude = 1e30;

/** Only a value this small as a whole can lose much by what float16 has no digits for. */
const tinyMagnitude = 64 * smallestNormalFloat16;

/** Share of the elements, zeros aside, that may lie where float16 runs out of digits. */
const toleratedShare = 0.5;

/**
 * Whether a value would overflow in float16 (beyond about a ninth of 65504, for unseen data) or vanish (most elements are
 * below 2^-14, where digits get lost); null when it fits. Infinities and masks' sentinels are no overflow.
 */
export function float16Trouble(statistics: ValueStatistics): Float16Trouble | null {
  const largest = Math.max(measured(statistics.min), measured(statistics.max));
  if (largest > safeMagnitude) return 'overflow';
  if (largest === 0 || largest > tinyMagnitude) return null;
  if (largest < smallestNormalFloat16) return 'vanish';
  const { histogram } = statistics;
  return histogram && subnormalShare(histogram) > toleratedShare ? 'vanish' : null;
}

function measured(bound: number): number {
  const magnitude = Math.abs(bound);
  return magnitude < sentinelMagnitude ? magnitude : 0;
}

/** The bin around zero is left out: nothing tells the zeros in it, which float16 has, from the numbers beside them. */
function subnormalShare({ low, high, counts }: ValueHistogram): number {
  const width = (high - low) / counts.length;
  let all = 0;
  let small = 0;
  for (let i = 0; i < counts.length; i++) {
    const [from, to] = [low + i * width, low + (i + 1) * width];
    if (from <= 0 && to >= 0) continue;
    const count = counts[i] ?? 0;
    all += count;
    if (Math.max(Math.abs(from), Math.abs(to)) <= smallestNormalFloat16) small += count;
  }
  return all === 0 ? 0 : small / all;
}
