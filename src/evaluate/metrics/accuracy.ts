import type { DecisionLog } from './class-decisions.ts';
import type { Metric } from './metric.ts';

/** Share of samples whose class is predicted. */
export function accuracy(log: DecisionLog): Metric {
  return {
    add: (batch) => log.add(batch),
    result() {
      const { predicted, actual } = log.decisions();
      const hits = new Uint8Array(actual.length).map((_, i) => (predicted[i] === actual[i] ? 1 : 0));
      return { name: 'accuracy', higherIsBetter: true, isShare: true, scores: { kind: 'proportion', hits } };
    },
  };
}
