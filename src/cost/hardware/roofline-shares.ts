import type { Catalog } from '../catalog/catalog.ts';
import type { ServiceCurve } from '../service/service-curve.ts';
import { acceleratorRates } from './accelerator-rates.ts';
import type { Rates } from './thread-rates.ts';
import { measuredRates } from './thread-rates.ts';
import type { MeasuredOn, RooflineShares, Work } from './translation.ts';

export interface MeasuredWork {
  readonly work: Work;
  readonly curve: ServiceCurve;
  readonly measuredOn: MeasuredOn;
  /** Read once by a run, whatever its batch. */
  readonly modelBytes: number;
}

/**
 * What share of a full batch's time goes by the speed of arithmetic, what by that of memory and what by neither.
 *
 * Overhead is measured: what a run takes whatever its batch, τ0 of the line. The rest is divided as the ideal times of
 * the work on the measuring hardware are, at peak rates; how far below its peaks a machine stays cancels where both are
 * missed alike, and is in the range that a projection is given. Null where nothing is known of an accelerator.
 */
export function rooflineShares(measured: MeasuredWork, catalog: Catalog): RooflineShares | null {
  const { work, curve } = measured;
  const rates = ratesOf(measured.measuredOn, catalog);
  if (rates === null) return null;
  const computeTime = work.flop / (work.isInt8 ? rates.int8Gops : rates.floatGops);
  const memoryTime = bytesOfItem(measured) / rates.gbPerSecond;
  const ideal = computeTime + memoryTime;
  if (!(ideal > 0)) return null;
  const isLine = curve.points.length > 1;
  const overhead = isLine ? Math.min(1, curve.tau0Ms / curve.msAt(curve.largestBatch)) : 0;
  const rest = 1 - overhead;
  return { compute: (rest * computeTime) / ideal, memory: (rest * memoryTime) / ideal, overhead };
}

/** In a full batch, whose items share the weights. */
function bytesOfItem({ work, curve, modelBytes }: MeasuredWork): number {
  const weights = Math.min(work.bytes, modelBytes);
  return work.bytes - weights + weights / curve.largestBatch;
}

function ratesOf(measuredOn: MeasuredOn, catalog: Catalog): Rates | null {
  if (measuredOn.ep === 'cpu') return measuredRates(measuredOn, catalog);
  const accelerator = catalog.accelerators.find(({ id }) => id === measuredOn.accelerator);
  return accelerator === undefined ? null : acceleratorRates(accelerator, measuredOn.ep);
}
