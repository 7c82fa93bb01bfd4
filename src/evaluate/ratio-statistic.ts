import type { Statistic } from '../stats/bootstrap.ts';

/** Sum of the parts over the sum of the wholes; 0 where both are 0. */
export function ratioStatistic(parts: Float64Array, wholes: Float64Array): Statistic {
  return (picked) => {
    const size = (picked ?? parts).length;
    let [part, whole] = [0, 0];
    for (let at = 0; at < size; at++) {
      const i = picked === null ? at : (picked[at] ?? 0);
      part += parts[i] ?? 0;
      whole += wholes[i] ?? 0;
    }
    return part === 0 && whole === 0 ? 0 : part / whole;
  };
}
