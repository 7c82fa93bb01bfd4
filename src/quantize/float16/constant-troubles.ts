import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import { floatChunks } from './float-chunks.ts';
import type { Float16Trouble } from './float16-trouble.ts';
import { largestFloat16, smallestNormalFloat16 } from './float16-limits.ts';

/** Operators that compute with the size of their constants: one moved to the nearest float16 is another result. */
const sizedOperators = [
  'Mul Div Pow MatMul Gemm Conv ConvTranspose Einsum PRelu BatchNormalization InstanceNormalization',
  'LayerNormalization GroupNormalization RMSNormalization LSTM GRU RNN',
].flatMap((names) => names.split(' '));

interface Bounds {
  /** Finite elements only; 0 where there are none. */
  readonly lowest: number;
  readonly highest: number;
}

/** What float16 would do to nodes by their constants. Reads each constant once. */
export class ConstantTroubles {
  readonly #bounds = new Map<Tensor, Bounds>();

  /**
   * `overflow` for a constant beyond 65504, `vanish` for one that is below 2^-14 as a whole, where its size counts; else
   * null. Large negative factors are masks, which may be clamped.
   */
  of(node: Node): Float16Trouble | null {
    if (!node.is(...sizedOperators)) return null;
    const troubles = node.inputs.map((value) => {
      const tensor = constantOf(value);
      return tensor?.type === 'float32' ? troubleOf(this.#boundsOf(tensor), node) : null;
    });
    return troubles.includes('overflow') ? 'overflow' : (troubles.find((trouble) => trouble !== null) ?? null);
  }

  #boundsOf(tensor: Tensor): Bounds {
    const known = this.#bounds.get(tensor) ?? boundsOf(tensor);
    this.#bounds.set(tensor, known);
    return known;
  }
}

function troubleOf({ lowest, highest }: Bounds, node: Node): Float16Trouble | null {
  const isMask = node.is('Mul') && highest <= largestFloat16;
  const largest = Math.max(highest, -lowest);
  if (largest > largestFloat16) return isMask ? null : 'overflow';
  // A layer's bias or a mean may be nothing; a factor may not.
  return node.is('Mul', 'Div') && largest > 0 && largest < smallestNormalFloat16 ? 'vanish' : null;
}

function boundsOf(tensor: Tensor): Bounds {
  let [lowest, highest] = [0, 0];
  for (const floats of floatChunks(tensor)) {
    for (const value of floats) {
      if (value < lowest && value !== -Infinity) lowest = value;
      if (value > highest && value !== Infinity) highest = value;
    }
  }
  return { lowest, highest };
}
