import type { Random } from './seeded-random.ts';

/**
 * A random number of the gamma distribution with scale 1: Marsaglia and Tsang, "A Simple Method for Generating Gamma
 * Variables", ACM Transactions on Mathematical Software 26 (2000). Shapes below 1 are drawn one higher and taken down by
 * U^(1 / shape), which underflows to 0 where hardly any mass is above it.
 */
export function gammaDeviate(random: Random, shape: number): number {
  if (shape < 1) return gammaDeviate(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const logU = Math.log(1 - random.next());
    if (logU < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
