import type { Tensor } from '../../onnx/tensor.ts';
import { float16Tensor } from './float16-tensor.ts';
import type { ClampedConstant } from './float16-report.ts';

/** Converts constants and notes which lost elements. */
export class ClampLog {
  readonly #clamped: ClampedConstant[] = [];

  get clamped(): readonly ClampedConstant[] {
    return this.#clamped;
  }

  /** The constant of a value in float16. Throws ModelError when it is not where the model says. */
  convert(name: string, source: Tensor): Tensor {
    const { tensor, clamped } = float16Tensor(source);
    const { tooLarge, tooSmall } = clamped;
    if (tooLarge + tooSmall > 0) this.#clamped.push({ name, count: tooLarge + tooSmall, tooLarge });
    return tensor;
  }
}
