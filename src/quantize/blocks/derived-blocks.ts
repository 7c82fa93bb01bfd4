import type { Tensor } from '../../onnx/tensor.ts';
import type { BlockTensors } from './block-tensors.ts';
import { blockTensors } from './block-tensors.ts';
import { fitOf } from './fits.ts';
import { floatsOf } from './floats-of.ts';
import { packValues, packZeroPoints } from './pack-blocks.ts';
import type { BlockSettings, QuantizedPanel } from './quantize-blocks.ts';
import { quantizedPanels } from './quantize-blocks.ts';

export interface DerivedBlocksOptions extends BlockSettings {
  readonly k: number;
  readonly n: number;
  /** Whether the tensor is `[N, K]`. */
  readonly isTransposed: boolean;
}

interface Parameters {
  readonly scales: readonly Float32Array[];
  readonly zeroPoints: readonly Uint8Array[];
}

/**
 * A float32 weight's blocks, computed while they are saved, one panel of columns at a time: neither the weight nor its
 * integers are held before or after. Scales and zero points of a weight just written are kept until they are written
 * themselves; asked for at another time they are computed once more. Throws what `quantizeBlocks` throws, while saving.
 */
export function derivedBlocks(tensor: Tensor, options: DerivedBlocksOptions): BlockTensors {
  const { k, n, isTransposed, symmetric } = options;
  const fit = fitOf(options.method, symmetric);
  let kept: Parameters | null = null;

  function* panels(): Generator<QuantizedPanel, void, undefined> {
    const scales: Float32Array[] = [];
    const zeroPoints: Uint8Array[] = [];
    for (const panel of quantizedPanels({ data: floatsOf(tensor), k, n, isTransposed }, { format: options, fit })) {
      scales.push(panel.blocks.scales);
      const packed = packZeroPoints(panel.blocks);
      if (packed !== null) zeroPoints.push(packed);
      yield panel;
    }
    kept = { scales, zeroPoints };
  }
  function parameters(): Parameters {
    // Running through the panels is what keeps them.
    if (kept === null) for (const _ of panels());
    return kept ?? { scales: [], zeroPoints: [] };
  }
  function* values(): Generator<Uint8Array, void, undefined> {
    for (const { blocks } of panels()) yield packValues(blocks.q, blocks.bits);
  }
  function* scales(): Generator<Uint8Array, void, undefined> {
    const found = parameters();
    if (symmetric) kept = null;
    for (const part of found.scales) yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }
  function* zeroPoints(): Generator<Uint8Array, void, undefined> {
    const found = parameters();
    kept = null;
    yield* found.zeroPoints;
  }
  return blockTensors(options, {
    b: { kind: 'derived', produce: values },
    scales: { kind: 'derived', produce: scales },
    zeroPoints: symmetric ? null : { kind: 'derived', produce: zeroPoints },
  });
}
