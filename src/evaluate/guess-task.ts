import type { Label } from '../data/dataset.ts';
import { isFloatType, isIntegerType } from '../onnx/data-type.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import { numbersOf } from '../onnx/tensor-types/numbers-of.ts';
import { UsageError } from '../errors.ts';
import { areProbabilities } from './probabilities.ts';
import type { SampleRows } from './sample-rows.ts';
import type { TaskName, TaskReason } from './task.ts';
import { tokenInput } from './token-input.ts';

/** What a first run tells of a model. */
export interface TaskEvidence {
  /** The output to score, by sample. */
  readonly output: string;
  readonly rows: SampleRows;
  readonly feeds: NamedTensors;
  /** Of the samples that were run; null where the data have none. */
  readonly labels: readonly Label[] | null;
  /** Whether each sample is a pair of texts, run apart. */
  readonly isPaired: boolean;
}

export interface TaskGuess {
  readonly name: TaskName;
  readonly reason: TaskReason;
}

/** What a model is for, by its labels, or by its outputs alone where it has none. */
export function guessTask(evidence: TaskEvidence): TaskGuess {
  const { labels } = evidence;
  return labels === null || labels.length === 0 ? guessFromOutputs(evidence) : guessFromLabels(evidence, labels);
}

/**
 * Whether the output can be what a named task scores.
 * @throws UsageError `bad-value`
 */
export function checkTask(name: TaskName, { output, rows, feeds }: TaskEvidence): void {
  const axes = longAxes(rows);
  const problem =
    name === 'classification' && axes > 1
      ? 'one score a class'
      : name === 'binary' && rows.rowLength !== 1
        ? 'one number a sample'
        : name === 'ctc' && rows.dims.length < 2
          ? 'scores by steps and classes'
          : name === 'language-model' && !isTokenScores(rows, feeds)
            ? 'scores by tokens and vocabulary, with the tokens as an input'
            : null;
  if (problem === null) return;
  const expected = `what '${output}' (${rows.type}[batch, ${rows.dims.join(', ')}]) is for: it wants ${problem}; name another output with --output-name`;
  throw new UsageError('bad-value', { flag: '--task', value: name, expected });
}

function guessFromLabels({ rows, isPaired }: TaskEvidence, labels: readonly Label[]): TaskGuess {
  const isSteps = rows.dims.length >= 2 && longAxes(rows) === 2;
  const texts = labels.filter((label) => typeof label === 'string');
  if (texts.length > 0) return isSteps ? { name: 'ctc', reason: 'text-labels' } : nothingFits;
  const tensors = labels.filter((label): label is DenseTensor => typeof label !== 'string');
  const isSingle = tensors.every(({ data }) => data.length === 1);
  if (isPaired) return isSingle ? { name: 'embedding', reason: 'pair-labels' } : nothingFits;
  const isWhole = tensors.every(({ type }) => isIntegerType(type) || type === 'bool');
  if (isWhole && isSteps && tensors.every(({ dims }) => dims.length === 1)) {
    return { name: 'ctc', reason: 'sequence-labels' };
  }
  if (isSingle) return guessFromNumbers(rows, tensors, isWhole);
  const fits = tensors.every(({ data }) => data.length === rows.rowLength);
  return fits ? { name: 'regression', reason: 'tensor-labels' } : nothingFits;
}

function guessFromNumbers(rows: SampleRows, labels: readonly DenseTensor[], isWhole: boolean): TaskGuess {
  if (rows.rowLength > 1 || !isFloatType(rows.type)) {
    const isClass =
      isWhole || labels.every((label) => isFloatType(label.type) && numbersOf(label).every(Number.isInteger));
    return isClass && longAxes(rows) <= 1 ? { name: 'classification', reason: 'class-labels' } : nothingFits;
  }
  const isBinary = isWhole && labels.every((label) => numbersOf(label).every((value) => value === 0 || value === 1));
  return isBinary ? { name: 'binary', reason: 'binary-labels' } : { name: 'regression', reason: 'number-labels' };
}

function guessFromOutputs({ output, rows, feeds }: TaskEvidence): TaskGuess {
  if (rows.rowLength === 1) {
    if (!isFloatType(rows.type)) return { name: 'classification', reason: 'class-scores' };
    const isShare = rows.values.every((value) => value >= 0 && value <= 1);
    return { name: isShare ? 'binary' : 'regression', reason: 'single-column' };
  }
  if (!isFloatType(rows.type)) return nothingFits;
  // Masked language models, which token types give away, predict no next token.
  if (isTokenScores(rows, feeds) && feeds['token_type_ids'] === undefined && !embeddingName.test(output)) {
    return { name: 'language-model', reason: 'token-logits' };
  }
  if (embeddingName.test(output)) return { name: 'embedding', reason: 'output-name' };
  const axes = longAxes(rows);
  const sumToOne = axes <= 2 && areProbabilities(rows, rows.dims.findLast((dim) => dim > 1) ?? 1);
  if (axes === 2) return sumToOne ? { name: 'ctc', reason: 'probabilities' } : nothingFits;
  if (axes > 2) return nothingFits;
  if (sumToOne) return { name: 'classification', reason: 'probabilities' };
  return hasUnitLength(rows)
    ? { name: 'embedding', reason: 'unit-vectors' }
    : { name: 'classification', reason: 'class-scores' };
}

const nothingFits: TaskGuess = { name: 'none', reason: 'nothing-fits' };
const embeddingName = /embed|pool|hidden|feature/i;

/** Axes of a sample with more than one element. */
function longAxes({ dims }: SampleRows): number {
  return dims.filter((dim) => dim !== 1).length;
}

function isTokenScores({ dims }: SampleRows, feeds: NamedTensors): boolean {
  const tokens = tokenInput(feeds);
  return dims.length === 2 && tokens !== null && tokens.dims[1] === dims[0];
}

function hasUnitLength({ values, rowLength, count }: SampleRows): boolean {
  for (let i = 0; i < count; i++) {
    let square = 0;
    for (const value of values.subarray(i * rowLength, (i + 1) * rowLength)) square += value * value;
    if (Math.abs(square - 1) > 0.01) return false;
  }
  return true;
}
