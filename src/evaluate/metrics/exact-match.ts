import type { Label } from '../../data/dataset.ts';
import { DataError, UsageError } from '../../errors.ts';
import { isIntegerType } from '../../onnx/data-type.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import { growingBytes } from '../growing-array.ts';
import { describeLabel } from './class-label.ts';
import { ctcGreedy, vocabularyFor } from './ctc-greedy.ts';
import type { Metric } from './metric.ts';

export interface ExactMatchOptions {
  readonly blank: number;
  readonly vocabulary: readonly string[] | null;
}

/** Share of samples whose sequence is spelled without an error: a list of classes, or a text by the vocabulary. */
export function exactMatch({ blank, vocabulary }: ExactMatchOptions): Metric {
  const hits = growingBytes();
  return {
    add({ rows, labels, originOf }) {
      const { values, rowLength, count } = rows;
      const classes = rows.dims.at(-1) ?? 0;
      // Of [steps, 1, classes] too, as recognizers of one sample return them.
      const steps = classes === 0 ? 0 : rowLength / classes;
      checkBlank(blank, classes);
      const written = vocabulary === null ? null : vocabularyFor(vocabulary, classes, blank);
      for (let i = 0; i < count; i++) {
        const label = labels?.[i];
        if (label === undefined) continue;
        const spelled = ctcGreedy({ values, from: i * rowLength, steps, classes }, blank);
        const expected = spelling(label, { classes, written, origin: () => originOf(i) });
        const found = spelled === null ? null : spellingOf(spelled, typeof label === 'string' ? written : null);
        hits.push(found === expected ? 1 : 0);
      }
    },
    result: () => ({
      name: 'exact-match',
      higherIsBetter: true,
      isShare: true,
      scores: { kind: 'proportion', hits: hits.view() },
    }),
  };
}

function checkBlank(blank: number, classes: number): void {
  if (blank < classes) return;
  throw new UsageError('bad-value', {
    flag: '--blank',
    value: String(blank),
    expected: `below ${classes}, the number of classes`,
  });
}

/** Classes as a text, or without a vocabulary as a list. */
function spellingOf(classes: readonly number[], written: readonly string[] | null): string {
  return written === null ? classes.join() : classes.map((name) => written[name] ?? '').join('');
}

interface Spelling {
  readonly classes: number;
  readonly written: readonly string[] | null;
  origin(): string;
}

function spelling(label: Label, { classes, written, origin }: Spelling): string {
  if (typeof label === 'string') {
    if (written !== null) return label;
    throw new UsageError('missing-argument', {
      flag: '--vocabulary',
      what: 'what the classes are written as, for the labels are texts',
    });
  }
  if (!isIntegerType(label.type)) {
    throw new DataError('label-mismatch', {
      path: origin(),
      found: describeLabel(label),
      expected: 'a text or a list of classes',
    });
  }
  const ids = numbersOf(label);
  const bad = ids.find((id) => id < 0 || id >= classes);
  if (bad !== undefined) throw new DataError('label-out-of-range', { path: origin(), label: bad, classes });
  return ids.join();
}
