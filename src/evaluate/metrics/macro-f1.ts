import type { DecisionLog, Decisions } from './class-decisions.ts';
import type { Metric } from './metric.ts';

/**
 * Mean over classes of F1 = 2 TP / (2 TP + FP + FN) (van Rijsbergen, Information Retrieval, 1979, chapter 7). The
 * classes are those that occur among the samples or the predictions, as in scikit-learn's `f1_score(average='macro')`.
 */
export function macroF1(log: DecisionLog): Metric {
  return {
    add: (batch) => log.add(batch),
    result() {
      const cells = cellsOf(log.decisions());
      const statistic = (picked: Uint32Array | null): number => f1Of(cells, picked);
      const scores = { kind: 'corpus', size: cells.cellOf.length, statistic, ofAnswers: true } as const;
      return { name: 'macro-f1', higherIsBetter: true, isShare: true, scores };
    },
  };
}

interface Cells {
  /** Classes that occur, counted from 0 without gaps. */
  readonly classes: number;
  /** Of each sample: its class and the predicted one, as a cell of the table of both. */
  readonly cellOf: Uint32Array;
  /** The two classes of each cell that occurs; the number of classes for a prediction of none. */
  readonly truths: Uint32Array;
  readonly found: Uint32Array;
}

/** Only cells that occur are counted: a table of thousands of classes has millions. */
function cellsOf({ predicted, actual }: Decisions): Cells {
  const names = new Set(actual);
  for (const name of predicted) names.add(name);
  names.delete(-1);
  const occurring = [...names];
  const numberOf = new Map(occurring.map((name, number) => [name, number]));
  const classes = occurring.length;
  const width = classes + 1;
  const places = Float64Array.from(actual, (truth, i) => {
    return (numberOf.get(truth) ?? classes) * width + (numberOf.get(predicted[i] ?? -1) ?? classes);
  });
  const distinct = [...new Set(places)];
  const cellNumber = new Map(distinct.map((place, cell) => [place, cell]));
  return {
    classes,
    cellOf: Uint32Array.from(places, (place) => cellNumber.get(place) ?? 0),
    truths: Uint32Array.from(distinct, (place) => Math.floor(place / width)),
    found: Uint32Array.from(distinct, (place) => place % width),
  };
}

function f1Of({ classes, cellOf, truths, found }: Cells, picked: Uint32Array | null): number {
  const counts = new Uint32Array(truths.length);
  const size = (picked ?? cellOf).length;
  for (let i = 0; i < size; i++) {
    const cell = cellOf[picked === null ? i : (picked[i] ?? 0)] ?? 0;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  /** Correct ones by class, and how often it occurs on either side: 2 TP + FP + FN. */
  const correct = new Float64Array(classes + 1);
  const either = new Float64Array(classes + 1);
  for (const [cell, count] of counts.entries()) {
    const [truth, guess] = [truths[cell] ?? classes, found[cell] ?? classes];
    either[truth] = (either[truth] ?? 0) + count;
    either[guess] = (either[guess] ?? 0) + count;
    if (truth === guess) correct[truth] = (correct[truth] ?? 0) + count;
  }
  return meanF1(correct.subarray(0, classes), either);
}

function meanF1(correct: Float64Array, either: Float64Array): number {
  let [sum, occurring] = [0, 0];
  for (const [i, hits] of correct.entries()) {
    const both = either[i] ?? 0;
    if (both === 0) continue;
    sum += (2 * hits) / both;
    occurring++;
  }
  return sum / occurring;
}
