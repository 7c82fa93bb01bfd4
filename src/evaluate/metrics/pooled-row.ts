import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { SampleRows } from '../sample-rows.ts';

interface Embedded {
  readonly rows: SampleRows;
  readonly feeds: NamedTensors;
}

/**
 * One embedding a sample: the row itself, or where the model returns one a token their mean over the tokens that the
 * attention mask leaves in (Reimers and Gurevych, "Sentence-BERT", EMNLP 2019).
 */
export function pooledRow({ rows, feeds }: Embedded, sample: number): ArrayLike<number> {
  const { values, rowLength, dims } = rows;
  const row = values.subarray(sample * rowLength, (sample + 1) * rowLength);
  const [tokens, width, ...more] = dims.filter((dim) => dim !== 1);
  if (tokens === undefined || width === undefined || more.length > 0) return row;
  const mask = maskOf(feeds, tokens);
  const sum = new Float64Array(width);
  // Direction alone counts, so the sum serves for the mean.
  for (let token = 0; token < tokens; token++) {
    if (mask !== null && mask[sample * tokens + token] === 0) continue;
    for (let i = 0; i < width; i++) sum[i] = (sum[i] ?? 0) + (row[token * width + i] ?? 0);
  }
  return sum;
}

function maskOf(feeds: NamedTensors, tokens: number): ArrayLike<number> | null {
  const mask = feeds['attention_mask'];
  return mask !== undefined && mask.dims.at(-1) === tokens ? numbersOf(mask) : null;
}
