import type { ValueStatistics } from '../../compute/calibration/statistics.ts';
import type { RealRange } from '../numeric/scale-and-zero-point.ts';
import { scaleAndZeroPoint } from '../numeric/scale-and-zero-point.ts';
import { expectedSquaredError } from './expected-error.ts';
import type { IntegerTarget } from './range-method.ts';
import { isConstant, rangeWithin } from './range-method.ts';

/** Ranges that are tried: from all there is down to 0.3 of it. */
const steps = 100;
const leastShare = 0.3;

/** Rounds of choosing one end after the other; the second one changes little, a third one nothing. */
const rounds = 2;

interface Shares {
  readonly min: number;
  readonly max: number;
}

/**
 * The range with the least expected squared error, rounding and clipping together: both ends by the same share first,
 * then each by itself where the value lies on both sides of zero and they may differ.
 */
export function mse(stats: ValueStatistics, target: IntegerTarget): RealRange {
  const { histogram } = stats;
  const { low, high } = histogram;
  if (isConstant(stats)) return { min: low, max: high };
  const rangeOf = ({ min, max }: Shares) => rangeWithin(histogram, { min: low * min, max: high * max });
  const error = (shares: Shares) => expectedSquaredError(histogram, scaleAndZeroPoint(rangeOf(shares), target));
  let best = leastOf(error, { min: 1, max: 1 }, (share) => ({ min: share, max: share }));
  const turns = low < 0 && high > 0 && !target.symmetric ? rounds : 0;
  for (let turn = 0; turn < turns; turn++) {
    best = leastOf(error, best, (share) => ({ ...best, min: share }));
    best = leastOf(error, best, (share) => ({ ...best, max: share }));
  }
  return rangeOf(best);
}

/** The best of a start and of what each share makes of it; what comes earlier wins among equals. */
function leastOf(error: (shares: Shares) => number, start: Shares, at: (share: number) => Shares): Shares {
  let best = start;
  let least = error(start);
  for (let step = 0; step <= steps; step++) {
    const shares = at(1 - (step * (1 - leastShare)) / steps);
    const found = error(shares);
    if (found < least) {
      least = found;
      best = shares;
    }
  }
  return best;
}
