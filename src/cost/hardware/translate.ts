import type { Accelerator, Catalog, InstanceType, Processor } from '../catalog/catalog.ts';
import type { MeasuredCurve } from '../fleet/measured-curve.ts';
import { acceleratorRates } from './accelerator-rates.ts';
import { measured, projected, projectionRanges } from './projection-range.ts';
import { rooflineFactor } from './roofline-factor.ts';
import { isSameHardware, usesAccelerator } from './same-hardware.ts';
import { vcpusPerThread } from './thread-cores.ts';
import type { Rates, ThreadRates } from './thread-rates.ts';
import { measuredRates, processorRates, timesRates } from './thread-rates.ts';
import type { ProjectionGap, Translation } from './translation.ts';

/**
 * What the curve's times are on an instance: measured on the same processor or accelerator, else carried over by peak
 * rates and bandwidths and the shares of the time that go by each.
 */
export function translate(curve: MeasuredCurve, instance: InstanceType, catalog: Catalog): Translation {
  const { measuredOn } = curve;
  if (isSameHardware(measuredOn, instance, catalog)) return measured;
  if (measuredOn.ep !== 'cpu') return betweenAccelerators(curve, instance, catalog);
  return usesAccelerator(measuredOn, instance, catalog)
    ? toAccelerator(curve, instance, catalog)
    : betweenProcessors(curve, instance, catalog);
}

function betweenAccelerators(curve: MeasuredCurve, instance: InstanceType, catalog: Catalog): Translation {
  const { ep, accelerator } = curve.measuredOn;
  if (instance.accelerator === null) return gap('no-accelerator', instance);
  const target = acceleratorOf(instance.accelerator.id, catalog);
  if (target === null) return gap('unknown-accelerator', instance);
  if (target.id === accelerator && instance.accelerator.count >= 1) return measured;
  const to = ratesOfEach(target, instance.accelerator.count, ep);
  if (to === null) return gap('unsupported-accelerator', instance);
  const source = acceleratorOf(accelerator, catalog);
  const from = source === null ? null : acceleratorRates(source, ep);
  if (from === null) return gap('unknown-measured-accelerator', instance);
  const factor = rooflineFactor({ from, to, overhead: 1 }, curve);
  return projected('accelerator', factor, projectionRanges.accelerator);
}

/** A replica of so many threads becomes a whole accelerator. */
function toAccelerator(curve: MeasuredCurve, instance: InstanceType, catalog: Catalog): Translation {
  const target = acceleratorOf(instance.accelerator?.id ?? null, catalog);
  if (target === null) return gap('unknown-accelerator', instance);
  const to = ratesOfEach(target, instance.accelerator?.count ?? 1, null);
  if (to === null) return gap('unsupported-accelerator', instance);
  const from = timesRates(measuredRates(curve.measuredOn, catalog), curve.measuredOn.threads);
  // To start a kernel takes about as long as to call one.
  const factor = rooflineFactor({ from, to, overhead: 1 }, curve);
  return projected('accelerator', factor, projectionRanges['cpu-to-accelerator']);
}

function betweenProcessors(curve: MeasuredCurve, instance: InstanceType, catalog: Catalog): Translation {
  const { measuredOn } = curve;
  const target = processorOf(instance.processor, catalog);
  if (target === null) return gap('unknown-processor', instance);
  if (target.id === measuredOn.processor) return measured;
  const source = processorOf(measuredOn.processor, catalog);
  const from = measuredRates(measuredOn, catalog);
  const to = processorRates(target, vcpusPerThread(measuredOn, source, target));
  const reach = isSameIsa(from, to, curve.work?.isInt8 ?? true) ? 'same-isa' : 'other-class';
  const factor = rooflineFactor({ from, to, overhead: from.ghz / to.ghz }, curve);
  return projected(reach, factor, projectionRanges[reach]);
}

/** Alike in what the model's products are computed by. Of a processor that is not known nothing is promised. */
function isSameIsa(from: ThreadRates, to: ThreadRates, isInt8: boolean): boolean {
  if (from.isEstimated || from.architecture !== to.architecture) return false;
  return isInt8 ? from.class.int8 === to.class.int8 : from.class.vector === to.class.vector;
}

/** Some machines have a share of an accelerator. */
function ratesOfEach(accelerator: Accelerator, count: number, ep: string | null): Rates | null {
  const rates = acceleratorRates(accelerator, ep);
  return rates === null ? null : timesRates(rates, Math.min(1, count));
}

function processorOf(id: string | null, catalog: Catalog): Processor | null {
  return catalog.processors.find((processor) => processor.id === id) ?? null;
}

function acceleratorOf(id: string | null, catalog: Catalog): Accelerator | null {
  return catalog.accelerators.find((accelerator) => accelerator.id === id) ?? null;
}

function gap(reason: ProjectionGap, { id, processorName, accelerator }: InstanceType): Translation {
  const details = { reason, instance: id, processor: processorName, accelerator: accelerator?.name ?? null };
  return { basis: null, obstacle: { code: 'cost-no-projection', details } };
}
