import { isFloatType } from '../../onnx/data-type.ts';
import { argmaxOf } from '../argmax.ts';
import { growingIntegers, growingNumbers } from '../growing-array.ts';
import type { SampleRows } from '../sample-rows.ts';
import { classOfLabel } from './class-label.ts';
import type { ScoredBatch } from './metric.ts';

/** What was predicted for each sample (-1 for outputs that are NaN), and what is true. */
export interface Decisions {
  readonly predicted: Int32Array;
  readonly actual: Int32Array;
}

export interface DecisionLog {
  add(batch: ScoredBatch): void;
  decisions(): Decisions;
}

/** Classes a row can name: its scores, or any number for models that return the class itself. */
export function classesOf({ type, rowLength }: SampleRows): number {
  return rowLength === 1 && !isFloatType(type) ? 2 ** 31 : rowLength;
}

/** The class with the highest score, or the class itself where the output is one integer. */
export function multiClassLog(): DecisionLog {
  const predicted = growingIntegers();
  const actual = growingIntegers();
  return {
    add({ rows, labels, originOf }) {
      const { values, rowLength, count } = rows;
      const classes = classesOf(rows);
      const isClass = rowLength === 1;
      for (let i = 0; i < count; i++) {
        const label = labels?.[i];
        if (label === undefined) continue;
        actual.push(classOfLabel(label, classes, () => originOf(i)));
        const found = isClass ? values[i] : argmaxOf(values, { from: i * rowLength, length: rowLength, step: 1 });
        predicted.push(found ?? -1);
      }
    },
    decisions: () => ({ predicted: predicted.view(), actual: actual.view() }),
  };
}

/** One score a sample: class 1 above 0.5, or above 0 when any score lies outside 0 … 1, for then they are logits. */
export function binaryLog(): DecisionLog {
  const scores = growingNumbers();
  const actual = growingIntegers();
  return {
    add({ rows, labels, originOf }) {
      for (let i = 0; i < rows.count; i++) {
        const label = labels?.[i];
        if (label === undefined) continue;
        actual.push(classOfLabel(label, 2, () => originOf(i)));
        scores.push(rows.values[i] ?? Number.NaN);
      }
    },
    decisions() {
      const values = scores.view();
      const threshold = values.some((value) => value < 0 || value > 1) ? 0 : 0.5;
      const predicted = Int32Array.from(values, (value) => (Number.isNaN(value) ? -1 : value > threshold ? 1 : 0));
      return { predicted, actual: actual.view() };
    },
  };
}
