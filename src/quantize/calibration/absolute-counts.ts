import type { Histogram } from '../../compute/calibration/statistics.ts';

export interface AbsoluteCounts {
  /** Upper end of the last bin; the first one starts at 0. */
  readonly limit: number;
  /** As many bins as the histogram has, no whole numbers: a bin that falls into several is divided among them. */
  readonly counts: Float64Array;
}

/** How often absolute values fell into bins from 0 on. */
export function absoluteCounts({ low, high, counts }: Histogram): AbsoluteCounts {
  const limit = Math.max(-low, high);
  const into = new Float64Array(counts.length);
  const width = (high - low) / counts.length;
  // Ends of bins as multiples of the new width.
  const perBin = (width / limit) * counts.length;
  const start = (low / limit) * counts.length;
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue;
    const from = start + perBin * bin;
    const to = from + perBin;
    const density = count / perBin;
    // A bin around zero has a part on each side.
    if (to > 0) spread(into, density, { from: Math.max(from, 0), to });
    if (from < 0) spread(into, density, { from: Math.max(-to, 0), to: -from });
  }
  return { limit, counts: into };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** What rounding leaves of a bin on the wrong side of an edge, which would make an empty one look filled. */
const sliver = 1e-9;

function spread(into: Float64Array, density: number, { from, to }: Span): void {
  const last = into.length - 1;
  for (let at = from; at < to;) {
    const bin = Math.min(Math.floor(at), last);
    const end = bin === last ? to : Math.min(bin + 1, to);
    if (end - at > sliver) into[bin] = (into[bin] ?? 0) + density * (end - at);
    at = end;
  }
}
