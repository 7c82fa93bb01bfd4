import type { MeasuredOn, RooflineShares, Work } from '../hardware/translation.ts';
import type { CostCurve } from '../cost-result.ts';
import type { ServiceCurve } from '../service/service-curve.ts';

/** A curve with what is needed to carry it to other machines. */
export interface MeasuredCurve {
  /** Index into the result's `curves`. */
  readonly index: number;
  readonly modelIndex: number;
  readonly curve: ServiceCurve;
  /** Of the sweep: curves of other lengths are other work, never a cheaper choice. */
  readonly dims: Readonly<Record<string, number>>;
  readonly measuredOn: MeasuredOn;
  readonly work: Work | null;
  readonly shares: RooflineShares | null;
  /** Of one replica's process; null where it was not measured. */
  readonly peakRssBytes: number | null;
  readonly modelBytes: number;
  readonly tokens: CostCurve['tokens'];
}
