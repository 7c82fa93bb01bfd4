import type { BlockFormat, BlockQuantized } from './block-format.ts';
import type { FitBlock } from './block-slot.ts';
import { awqScales, meanWeightShare } from './awq-scales.ts';
import { clipFit } from './clip-fit.ts';
import { dequantizeRows } from './dequantize-blocks.ts';
import { fitOf } from './fits.ts';
import { outputEnergy } from './output-error.ts';
import { gatherPanels, quantizedPanels } from './quantize-blocks.ts';
import type { WeightMatrix } from './weight-matrix.ts';
import { columnPanels } from './weight-matrix.ts';

export interface AwqOptions extends BlockFormat {
  /** Mean |x| of each input channel, `[K]`. */
  readonly meanAbsolute: ArrayLike<number>;
  /** `X^T X`, `[K, K]`. */
  readonly gram: Float64Array | Float32Array;
  /** Columns of the weight, evenly spread, that candidates are judged by; 128 by default. */
  readonly sampledColumns?: number;
}

export interface AwqResult {
  /** What each input channel's weights were multiplied by, `[K]`: the caller divides the input by it. All 1 where nothing helped. */
  readonly channelScales: Float32Array;
  /** The multiplied weight in blocks. */
  readonly quantized: BlockQuantized;
  /** The exponent that was chosen; null for scales of 1. */
  readonly ratio: number | null;
  readonly isClipped: boolean;
}

interface Candidate {
  readonly ratio: number | null;
  readonly scales: Float32Array;
  readonly error: number;
}

const ratios = Array.from({ length: 20 }, (_, step) => step / 20);

/**
 * AWQ (Lin et al. 2023): input channels that carry much get larger weights, which rounding hurts less; their inputs
 * are divided by as much. Tries 20 strengths and none, judged by the output's squared error on a sample of columns,
 * and then narrower ranges in each block. Never worse than round to nearest on that sample. Throws RangeError for
 * weights that are not finite.
 */
export function awqBlocks(matrix: WeightMatrix, options: AwqOptions): AwqResult {
  const gram = options.gram instanceof Float64Array ? options.gram : Float64Array.from(options.gram);
  const trial = new Trial(sampleOf(matrix, options.sampledColumns ?? 128), gram, options);
  const nearest = fitOf('rtn', options.symmetric);
  const shares = meanWeightShare(matrix, options.blockSize);
  const none = new Float32Array(matrix.k).fill(1);
  let best: Candidate = { ratio: null, scales: none, error: trial.error(none, nearest) };
  for (const ratio of ratios) {
    const scales = awqScales({ meanAbsolute: options.meanAbsolute, shares, ratio });
    const error = trial.error(scales, nearest);
    if (error < best.error) best = { ratio, scales, error };
  }
  const { ratio, scales } = best;
  const clipped = clipFit({ gram, scales, format: options });
  const isClipped = trial.error(scales, clipped) < best.error;
  const scaled = scaleChannels(matrix, scales);
  const panels = quantizedPanels(scaled, { format: options, fit: isClipped ? clipped : nearest });
  return { channelScales: scales, quantized: gatherPanels(panels, { format: options, matrix }), ratio, isClipped };
}

/** A sample of the weight's columns to try scales on. */
class Trial {
  readonly #sample: WeightMatrix;
  readonly #gram: Float64Array;
  readonly #format: BlockFormat;
  readonly #errors: Float64Array;

  constructor(sample: WeightMatrix, gram: Float64Array, format: BlockFormat) {
    this.#sample = sample;
    this.#gram = gram;
    this.#format = format;
    this.#errors = new Float64Array(sample.data.length);
  }

  /** The outputs' squared error under channel scales. */
  error(scales: Float32Array, fit: FitBlock): number {
    const { data, k, n } = this.#sample;
    const scaled = scaleChannels(this.#sample, scales);
    const panels = quantizedPanels(scaled, { format: this.#format, fit });
    const rounded = dequantizeRows(gatherPanels(panels, { format: this.#format, matrix: scaled }));
    for (let i = 0; i < data.length; i++) this.#errors[i] = (rounded[i] ?? 0) / (scales[i % k] ?? 1) - (data[i] ?? 0);
    return outputEnergy({ rows: this.#errors, count: n, k }, this.#gram);
  }
}

/** Evenly spread columns, as rows. */
function sampleOf(matrix: WeightMatrix, most: number): WeightMatrix {
  const { k, n } = matrix;
  const count = Math.min(n, most);
  const data = new Float32Array(count * k);
  let taken = 0;
  for (const { from, count: columns, rows, offset } of columnPanels(matrix)) {
    for (; taken < count; taken++) {
      const column = Math.floor((taken * n) / count) - from;
      if (column >= columns) break;
      data.set(rows.subarray(offset + column * k, offset + (column + 1) * k), taken * k);
    }
  }
  return { data, k, n: count, isTransposed: true };
}

function scaleChannels(matrix: WeightMatrix, scales: Float32Array): WeightMatrix {
  const { data, k, n, isTransposed } = matrix;
  const scaled = new Float32Array(data.length);
  if (isTransposed) for (let i = 0; i < data.length; i++) scaled[i] = (data[i] ?? 0) * (scales[i % k] ?? 1);
  else
    for (let row = 0, i = 0; row < k; row++)
      for (const end = i + n; i < end; i++) scaled[i] = (data[i] ?? 0) * (scales[row] ?? 1);
  return { ...matrix, data: scaled };
}
