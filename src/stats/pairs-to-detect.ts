import { detectableChange, type DetectionPlan, requirePlan } from './detectable-change.ts';
import { normalQuantile } from './normal.ts';

/** Beyond this nobody runs pairs for one decision. */
const most = 1e6;

/**
 * The fewest pairs of which `detectableChange` is at most `change`; beyond a thousand pairs, to a thousandth of them.
 *
 * @param plan with the relative change to be found
 * @returns null where no number up to a million finds it: a change within the tolerance never is
 * @throws RangeError when a number is outside its range
 */
export function pairsToDetect(plan: DetectionPlan & { readonly change: number }): number | null {
  requirePlan(plan);
  const { sd, alpha, power = 0.8, tolerance, change } = plan;
  const excess = Math.log1p(change) - Math.log1p(tolerance);
  if (!(excess > 0)) return null;
  // Fewer would not even do were the ranks as good as normal numbers of known spread.
  const atLeast = ((normalQuantile(1 - alpha) + normalQuantile(power)) * sd) / excess;
  let pairs = Math.max(1, Math.ceil(-Math.log2(alpha)), Math.floor(atLeast ** 2));
  while (pairs <= most) {
    const found = detectableChange({ ...plan, pairs });
    if (found !== null && found <= change) return pairs;
    pairs += Math.max(1, Math.floor(pairs / 1000));
  }
  return null;
}
