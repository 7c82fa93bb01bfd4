import { element } from './nd-array.ts';

/** Step of the differences, relative to the element where that is larger than 1: its error is of the order of h². */
const differenceStep = 1e-5;

/**
 * The derivatives of a scalar function by central differences at some places of its argument: (f(x+h) - f(x-h)) / 2h.
 * The argument is changed in place and put back.
 */
export function numericGradient(f: () => number, x: Float64Array, places: readonly number[]): readonly number[] {
  return places.map((place) => {
    const start = element(x, place);
    const step = differenceStep * Math.max(1, Math.abs(start));
    x[place] = start + step;
    const above = f();
    x[place] = start - step;
    const below = f();
    x[place] = start;
    return (above - below) / (2 * step);
  });
}
