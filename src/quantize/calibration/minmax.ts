import type { RealRange } from '../numeric/scale-and-zero-point.ts';
import type { RangeMethod } from './range-method.ts';
import { isConstant, rangeWithin } from './range-method.ts';

/** All there is: nothing is clipped. */
export const minmax: RangeMethod = ({ histogram: { low, high } }): RealRange => ({ min: low, max: high });

/** The moving average of the runs' extremes (onnxruntime's calibrate.py, MinMax with moving_average). */
export const movingAverage: RangeMethod = (stats, target) =>
  isConstant(stats)
    ? minmax(stats, target)
    : rangeWithin(stats.histogram, { min: stats.averageMin, max: stats.averageMax });
