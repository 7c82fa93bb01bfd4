import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import { tensorOfNumbers } from '../../onnx/tensor-types/tensor-of-numbers.ts';
import type { Value } from '../../onnx/value.ts';
import type { ExpressionWriter } from '../expressions/expression-writer.ts';

/** Reckons with places in graphs whose lengths only a run tells: in int32, which GPUs have kernels for. */
export class IndexMath {
  readonly writer: ExpressionWriter;

  constructor(writer: ExpressionWriter) {
    this.writer = writer;
  }

  /** Any operator with one output; whole numbers stand for int32 scalars. */
  op(op: string, ...inputs: readonly (Value | number)[]): Value {
    const values = inputs.map((part) => (typeof part === 'number' ? this.writer.scalar(part, 'int32').value : part));
    return this.writer.builder.op(op, values);
  }

  cast(value: Value, type: 'int32' | 'float32'): Value {
    return this.writer.builder.op('Cast', [value], { attributes: { to: numberOfDataType(type) } });
  }

  /** A matrix of it: rows are what lies before the axis, columns the axis and what lies behind. */
  flatten(value: Value, axis: number): Value {
    return this.writer.builder.op('Flatten', [value], { attributes: { axis } });
  }

  /** Length of one axis, int64 [1]. */
  longLength(value: Value, axis: number): Value {
    return this.writer.builder.op('Shape', [value], { attributes: { start: axis, end: axis + 1 } });
  }

  /** Product of the lengths from an axis on, int64 [1]. */
  longArea(value: Value, axis: number): Value {
    const lengths = this.writer.builder.op('Shape', [value], { attributes: { start: axis } });
    return this.writer.builder.op('ReduceProd', [lengths]);
  }

  /** Length of one axis, int32 [1]. */
  length(value: Value, axis: number): Value {
    return this.cast(this.longLength(value, axis), 'int32');
  }

  /** 0, 1 … below a length of int64 [1]: int64. */
  countTo(length: Value): Value {
    const long = (number: number) => this.writer.scalar(number, 'int64').value;
    return this.op('Range', long(0), this.op('Squeeze', length), long(1));
  }

  /** A constant list of int32. */
  list(numbers: ArrayLike<number>): Value {
    return this.writer.constant(tensorOfNumbers('int32', [numbers.length], numbers), 'places').value;
  }

  /** Puts axes of length 1 in. */
  spread(value: Value, axes: readonly number[]): Value {
    return this.op('Unsqueeze', value, this.writer.longs(axes));
  }

  /** Elements by their place in the whole tensor, in the shape of the places. */
  pick(from: Value, places: Value): Value {
    return this.op('Gather', this.op('Reshape', from, this.writer.longs([-1])), places);
  }
}
