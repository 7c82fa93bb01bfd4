import { byteLengthOf } from '../../onnx/data-type.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { elementCount } from '../../onnx/dense-tensor.ts';

/** Samples that wait until it is the turn of their shape, as many as fit. */
export class WaitingSamples<Sample extends { readonly feeds: NamedTensors }> {
  readonly #mostBytes: number;
  readonly #byShape = new Map<string, Sample[]>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** One that does not fit any more is not kept. */
  add(sample: Sample): void {
    const tensors = Object.values(sample.feeds);
    const bytes = tensors.reduce((sum, { type, dims }) => sum + byteLengthOf(type, elementCount(dims)), 0);
    if (this.#bytes + bytes > this.#mostBytes) return;
    this.#bytes += bytes;
    const key = shapeKey(sample.feeds);
    const waiting = this.#byShape.get(key) ?? [];
    this.#byShape.set(key, waiting);
    waiting.push(sample);
  }

  /** Samples by shape: so many shapes at most, those that most samples have. */
  commonest(shapes: number): readonly (readonly Sample[])[] {
    return [...this.#byShape.values()].toSorted((a, b) => b.length - a.length).slice(0, shapes);
  }
}

/** Equal for feeds of equal shapes. */
export function shapeKey(feeds: NamedTensors): string {
  return JSON.stringify(Object.entries(feeds).map(([name, { dims }]) => [name, ...dims]));
}
