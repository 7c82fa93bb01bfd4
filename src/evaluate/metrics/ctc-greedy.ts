import { UsageError } from '../../errors.ts';
import { argmaxOf } from '../argmax.ts';

/** Scores of one sample: steps in time by classes. */
export interface StepScores {
  readonly values: ArrayLike<number>;
  readonly from: number;
  readonly steps: number;
  readonly classes: number;
}

/**
 * The classes that the best path spells: the highest class of each step, repeats merged, blanks dropped (Graves et al.,
 * "Connectionist Temporal Classification", ICML 2006, 3.2). Null when a score is NaN.
 */
export function ctcGreedy({ values, from, steps, classes }: StepScores, blank: number): number[] | null {
  const spelled: number[] = [];
  let last = blank;
  for (let step = 0; step < steps; step++) {
    const best = argmaxOf(values, { from: from + step * classes, length: classes, step: 1 });
    if (best === -1) return null;
    if (best !== last && best !== blank) spelled.push(best);
    last = best;
  }
  return spelled;
}

/** The entries of a vocabulary file, one a line; a line may be a space. */
export function vocabularyLines(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/**
 * What each class is written as. A vocabulary with one entry less than there are classes leaves out the blank, with two
 * less the space at the end as well, as PP-OCR's dictionaries do.
 * @throws UsageError `bad-value` for another number of entries
 */
export function vocabularyFor(entries: readonly string[], classes: number, blank: number): readonly string[] {
  const missing = classes - entries.length;
  if (missing === 0) return entries;
  if (missing === 1) return entries.toSpliced(blank, 0, '');
  if (missing === 2) return [...entries, ' '].toSpliced(blank, 0, '');
  const expected = `as many entries as the model has classes (${classes}), or one (the blank) or two (the blank and the space) less`;
  throw new UsageError('bad-value', { flag: '--vocabulary', value: `${entries.length} entries`, expected });
}
