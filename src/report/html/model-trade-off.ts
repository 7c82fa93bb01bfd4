import type { BenchResult } from '../../bench/bench-result.ts';
import type { Estimate } from '../../result/envelope.ts';
import { modelLabels } from '../model-labels.ts';
import { formatBytes, formatNumber } from '../units.ts';
import { formatTick } from './charts/plot-frame.ts';
import type { Figure } from './figure.ts';
import { tradeOffFigure } from './trade-off.ts';

interface LabeledBench {
  /** Tells it from other results; empty when it is the only one. */
  readonly label: string;
  readonly result: BenchResult;
}

/** Size of the models against their lowest median; null unless there are models of several sizes. */
export function modelTradeOff(benches: readonly LabeledBench[]): Figure | null {
  const points = benches.flatMap(({ label, result }) => {
    const names = modelLabels(result.models.map(({ path }) => path));
    return result.models.flatMap(({ sizeBytes }, index) => {
      const y = lowestMedian(result, index);
      const x = { value: sizeBytes, low: null, high: null };
      const name = [label, names[index] ?? ''].filter((text) => text !== '').join(': ');
      return y === null ? [] : [{ name, x, y, isChosen: false }];
    });
  });
  if (new Set(points.map(({ x }) => x.value)).size < 2) return null;
  return tradeOffFigure({
    title: 'Latency against size of the model',
    points,
    x: { title: 'file size', format: formatBytes, fromZero: true, isBinary: true, better: 'less' },
    y: { title: 'lowest p50 ms', format: formatNumber, tick: formatTick, fromZero: true, better: 'less' },
    chosen: '',
  });
}

function lowestMedian({ points }: BenchResult, modelIndex: number): Estimate | null {
  const medians = points.flatMap((point) => (point.modelIndex === modelIndex ? (point.latencyMs?.p50 ?? []) : []));
  return medians.toSorted((a, b) => a.value - b.value)[0] ?? null;
}
