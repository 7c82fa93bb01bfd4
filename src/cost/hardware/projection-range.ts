import type { ProjectionReach } from '../vocabulary.ts';
import type { RooflineFactor } from './roofline-factor.ts';
import type { Translation } from './translation.ts';

export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * What a projected time may be off by, as factors. Published projections from peaks miss by 30 % within a kind of
 * hardware and by several times across; these are told as ranges and never as measured.
 */
export const projectionRanges: Readonly<Record<ProjectionReach | 'cpu-to-accelerator', Range>> = {
  'same-isa': { low: 0.8, high: 1.25 },
  'other-class': { low: 0.5, high: 2 },
  accelerator: { low: 0.5, high: 2 },
  'cpu-to-accelerator': { low: 0.25, high: 4 },
};

export type Projected = Extract<Translation, { readonly factor: number }>;

export const measured: Projected = { basis: 'measured', reach: null, factor: 1, low: 1, high: 1, ratios: null };

/** A projection whose factor is known, or lies between two of which neither is better. */
export function projected(reach: ProjectionReach, { factors, ratios }: RooflineFactor, range: Range): Projected {
  const low = Math.min(...factors);
  const high = Math.max(...factors);
  const factor = factors.length === 1 ? low : Math.sqrt(low * high);
  return { basis: 'projected', reach, factor, low: low * range.low, high: high * range.high, ratios };
}
