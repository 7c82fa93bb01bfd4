import type { BlockFormat, BlockQuantized } from './block-format.ts';
import { emptyBlocks } from './block-format.ts';
import type { FitBlock } from './block-slot.ts';
import { fitOf } from './fits.ts';
import { CompensatedRows } from './compensated-rows.ts';
import type { GramFactor } from '../../stats/gram-factor.ts';
import type { QuantizedPanel } from './quantize-blocks.ts';
import { gatherPanels } from './quantize-blocks.ts';
import type { WeightMatrix } from './weight-matrix.ts';
import { columnPanels } from './weight-matrix.ts';

export interface GptqOptions extends BlockFormat {
  /** Of the layer's input. */
  readonly factor: GramFactor;
  /** `mse`, the default, searches the scale whose rounding costs the least output error; `rtn` takes the range. */
  readonly method?: 'rtn' | 'mse';
}

/**
 * GPTQ (Frantar et al. 2022): every weight is rounded with the errors of those before it in view, which it makes good
 * as far as the inputs are correlated. A block's scale is found from its weights as they are when its turn comes.
 *
 * With `H = Lᵀ L` the output's squared error is `|L e|²`, e being a column's errors. Component i of L e depends on the
 * errors up to i only, so each weight in turn is rounded to what brings its component closest to zero. That is GPTQ
 * without the inverse of H, and column by column, so that memory does not depend on N.
 *
 * Channels that were never active keep their weights, rounded to nearest: with other data they may be needed.
 * Throws RangeError for weights that are not finite or a factor of another K.
 */
export function gptqBlocks(matrix: WeightMatrix, options: GptqOptions): BlockQuantized {
  if (options.factor.k !== matrix.k) throw new RangeError(`a gram matrix of ${options.factor.k}, not ${matrix.k}`);
  const fit = fitOf(options.method ?? 'mse', options.symmetric);
  return gatherPanels(compensatedPanels(matrix, options, fit), { format: options, matrix });
}

function* compensatedPanels(
  matrix: WeightMatrix,
  options: GptqOptions,
  fit: FitBlock,
): Generator<QuantizedPanel, void, undefined> {
  const { k } = matrix;
  const { blockSize, factor } = options;
  for (const panel of columnPanels(matrix)) {
    const blocks = emptyBlocks(options, { k, n: panel.count });
    const rows = new CompensatedRows(panel, factor, blocks);
    for (let column = 0; column < k; column += blockSize) rows.quantize(column, fit);
    yield { from: panel.from, blocks };
  }
}
