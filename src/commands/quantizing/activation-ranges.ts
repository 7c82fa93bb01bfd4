import type { ValueStatistics } from '../../compute/calibration/statistics.ts';
import { percentile } from '../../quantize/calibration/percentile.ts';
import type { IntegerTarget } from '../../quantize/calibration/range-method.ts';
import { rangeMethods } from '../../quantize/calibration/range-methods.ts';
import type { QuantizationParameters, RealRange } from '../../quantize/numeric/scale-and-zero-point.ts';
import { scaleAndZeroPoint } from '../../quantize/numeric/scale-and-zero-point.ts';
import type { QuantizeSettings } from '../../quantize/quantize-settings.ts';

/** Scales and zero points of values by name, from what calibration saw of them. */
export function activationParameters(
  statistics: ReadonlyMap<string, ValueStatistics>,
  settings: QuantizeSettings,
  chosen: ReadonlyMap<string, RealRange> = new Map(),
): (value: string) => QuantizationParameters | null {
  const target = activationTarget(settings);
  const known = new Map<string, QuantizationParameters>();
  return (value) => {
    const stats = statistics.get(value);
    if (stats === undefined) return null;
    const parameters =
      known.get(value) ?? scaleAndZeroPoint(chosen.get(value) ?? rangeOf(stats, settings, target), target);
    known.set(value, parameters);
    return parameters;
  };
}

/** The integers that activations become: symmetric ones where the target wants them. */
export function activationTarget({ activations, target }: QuantizeSettings): IntegerTarget {
  return { type: activations, symmetric: target === 'tensorrt', reduced: false };
}

function rangeOf(
  stats: ValueStatistics,
  { calibration, percentile: share }: QuantizeSettings,
  target: IntegerTarget,
): RealRange {
  if (calibration === 'percentile') return percentile(stats, { symmetric: target.symmetric, percent: share });
  // Where nothing is tried out, least expected squared error is the safest guess.
  return rangeMethods[calibration === 'auto' ? 'mse' : calibration](stats, target);
}
