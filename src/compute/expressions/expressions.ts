import type { DataType, NumericType } from '../../onnx/data-type.ts';
import { elementCount } from '../../onnx/dense-tensor.ts';
import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import type { PlainAttribute } from '../../onnx/graph-builder.ts';
import type { Expr } from './expr.ts';
import { broadcastDims, frontAxis } from './expr.ts';
import { ExpressionWriter } from './expression-writer.ts';

/** Where a slice of one axis starts and ends, as `Slice` counts them: below 0 from the end, cut to what there is. */
export interface SliceSpec {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Numeric work written as on paper, of shapes that are known, for the runtime to do on any provider:
 *
 *     const e = new Expressions();
 *     const x = e.input('x', 'float32', [256, 64]);
 *     e.output(e.matmul(e.transpose(x, [1, 0]), x), 'gram');
 *     const model = e.model();
 *
 * Each method adds nodes of opset {@link expressionOpset} to the graph; shapes that do not fit throw RangeError.
 */
export class Expressions extends ExpressionWriter {
  zeros(dims: readonly number[], type: NumericType = 'float32'): Expr {
    return this.expand(this.scalar(0, type), dims);
  }

  /** An operator that keeps type and shape. */
  map(op: string, x: Expr, attributes: Readonly<Record<string, PlainAttribute>> = {}): Expr {
    return this.op(op, [x], { type: x.type, dims: x.dims, attributes });
  }

  identity(x: Expr): Expr {
    return this.map('Identity', x);
  }

  add(a: Expr, b: Expr | number): Expr {
    return this.#binary('Add', a, b);
  }

  sub(a: Expr, b: Expr | number): Expr {
    return this.#binary('Sub', a, b);
  }

  mul(a: Expr, b: Expr | number): Expr {
    return this.#binary('Mul', a, b);
  }

  div(a: Expr, b: Expr | number): Expr {
    return this.#binary('Div', a, b);
  }

  pow(a: Expr, b: Expr | number): Expr {
    return this.#binary('Pow', a, b);
  }

  min(a: Expr, b: Expr | number): Expr {
    return this.#binary('Min', a, b);
  }

  max(a: Expr, b: Expr | number): Expr {
    return this.#binary('Max', a, b);
  }

  /** `Greater`, `GreaterOrEqual`, `Less`, `LessOrEqual`, `Equal`, `And` … */
  compare(op: string, a: Expr, b: Expr | number): Expr {
    const other = typeof b === 'number' ? this.scalar(b, numericType(a.type)) : b;
    return this.op(op, [a, other], { type: 'bool', dims: broadcastDims(a.dims, other.dims) });
  }

  neg(x: Expr): Expr {
    return this.map('Neg', x);
  }

  exp(x: Expr): Expr {
    return this.map('Exp', x);
  }

  log(x: Expr): Expr {
    return this.map('Log', x);
  }

  sqrt(x: Expr): Expr {
    return this.map('Sqrt', x);
  }

  sigmoid(x: Expr): Expr {
    return this.map('Sigmoid', x);
  }

  softmax(x: Expr, axis: number): Expr {
    return this.map('Softmax', x, { axis });
  }

  logSoftmax(x: Expr, axis: number): Expr {
    return this.map('LogSoftmax', x, { axis });
  }

  cast(x: Expr, type: DataType): Expr {
    if (x.type === type) return x;
    return this.op('Cast', [x], { type, dims: x.dims, attributes: { to: numberOfDataType(type) } });
  }

  /** One number of the type that `x` has. Throws RangeError for texts. */
  scalarLike(x: Expr, number: number): Expr {
    return this.scalar(number, numericType(x.type));
  }

  /** 1 where true and 0 elsewhere. */
  indicator(condition: Expr, type: NumericType = 'float32'): Expr {
    return this.cast(condition, type);
  }

  /** 1 where true and 0 elsewhere, of the type that `x` has. */
  indicatorLike(x: Expr, condition: Expr): Expr {
    return this.cast(condition, x.type);
  }

  where(condition: Expr, a: Expr, b: Expr): Expr {
    const dims = broadcastDims(condition.dims, broadcastDims(a.dims, b.dims));
    return this.op('Where', [condition, a, b], { type: a.type, dims });
  }

  /** Matrix product of the last two axes, the axes before them broadcast. Both have two axes at least. */
  matmul(a: Expr, b: Expr): Expr {
    const [rows = 1, inner = 1] = a.dims.slice(-2);
    const [innerToo = 1, columns = 1] = b.dims.slice(-2);
    if (a.dims.length < 2 || b.dims.length < 2 || inner !== innerToo)
      throw new RangeError(`[${a.dims.join()}] and [${b.dims.join()}] do not multiply`);
    const dims = [...broadcastDims(a.dims.slice(0, -2), b.dims.slice(0, -2)), rows, columns];
    return this.op('MatMul', [a, b], { type: a.type, dims });
  }

  transpose(x: Expr, perm: readonly number[]): Expr {
    if (perm.toSorted((a, b) => a - b).join() !== [...x.dims.keys()].join())
      throw new RangeError(`[${perm.join()}] does not order the axes of [${x.dims.join()}]`);
    if (perm.every((axis, index) => axis === index)) return x;
    return this.op('Transpose', [x], {
      type: x.type,
      dims: perm.map((axis) => x.dims[axis] ?? 1),
      attributes: { perm },
    });
  }

  /** Swaps the last two axes. */
  swap(x: Expr): Expr {
    const rank = x.dims.length;
    return this.transpose(x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
  }

  reshape(x: Expr, dims: readonly number[]): Expr {
    if (dims.join() === x.dims.join()) return x;
    if (elementCount(dims) !== elementCount(x.dims))
      throw new RangeError(`[${x.dims.join()}] cannot become [${dims.join()}]`);
    return this.op('Reshape', [x, this.longs(dims)], { type: x.type, dims, attributes: { allowzero: 1 } });
  }

  expand(x: Expr, dims: readonly number[]): Expr {
    if (dims.join() === x.dims.join()) return x;
    return this.op('Expand', [x, this.longs(dims)], { type: x.type, dims: broadcastDims(x.dims, dims) });
  }

  reduceSum(x: Expr, axes: readonly number[], keepDims = false): Expr {
    return this.#reduce('ReduceSum', x, { axes, keepDims });
  }

  reduceMean(x: Expr, axes: readonly number[], keepDims = false): Expr {
    return this.#reduce('ReduceMean', x, { axes, keepDims });
  }

  /** Of all elements, a scalar. */
  sumAll(x: Expr): Expr {
    return this.reduceSum(x, [...x.dims.keys()]);
  }

  meanAll(x: Expr): Expr {
    return this.div(this.sumAll(x), elementCount(x.dims));
  }

  concat(parts: readonly Expr[], axis: number): Expr {
    const [first] = parts;
    if (first === undefined) throw new RangeError('nothing to put together');
    const at = frontAxis(axis, first.dims.length);
    const others = parts.map((part) => part.dims.toSpliced(at, 1).join());
    if (others.some((rest, index) => rest !== others[0] || parts[index]?.dims.length !== first.dims.length))
      throw new RangeError(
        `${parts.map((part) => `[${part.dims.join()}]`).join(' and ')} do not fit along axis ${axis}`,
      );
    const length = parts.reduce((sum, part) => sum + (part.dims[at] ?? 0), 0);
    const dims = first.dims.with(at, length);
    return this.op('Concat', parts, { type: first.type, dims, attributes: { axis } });
  }

  slice(x: Expr, { axis, start, end }: SliceSpec): Expr {
    const at = frontAxis(axis, x.dims.length);
    const length = x.dims[at] ?? 0;
    const place = (index: number): number => Math.min(Math.max(frontAxis(index, length), 0), length);
    const [from, to] = [place(start), Math.max(place(start), place(end))];
    if (from === 0 && to === length) return x;
    const inputs = [x, this.longs([from]), this.longs([to]), this.longs([at])];
    return this.op('Slice', inputs, { type: x.type, dims: x.dims.with(at, to - from) });
  }

  /** Zeros around it: `before` and `after` for every axis. */
  pad(x: Expr, before: readonly number[], after: readonly number[]): Expr {
    if ([...before, ...after].every((amount) => amount === 0)) return x;
    const dims = x.dims.map((dim, axis) => dim + (before[axis] ?? 0) + (after[axis] ?? 0));
    return this.op('Pad', [x, this.longs([...before, ...after])], { type: x.type, dims });
  }

  /** A gradient of a broadcast result, summed to the shape of the operand it belongs to. */
  unbroadcast(x: Expr, dims: readonly number[]): Expr {
    const extra = x.dims.length - dims.length;
    const axes = [...x.dims.keys()].filter((axis) => axis < extra || (dims[axis - extra] === 1 && x.dims[axis] !== 1));
    return this.reshape(axes.length === 0 ? x : this.reduceSum(x, axes, true), dims);
  }

  #binary(op: string, a: Expr, b: Expr | number): Expr {
    const other = typeof b === 'number' ? this.scalar(b, numericType(a.type)) : b;
    return this.op(op, [a, other], { type: a.type, dims: broadcastDims(a.dims, other.dims) });
  }

  #reduce(
    op: string,
    x: Expr,
    { axes, keepDims }: { readonly axes: readonly number[]; readonly keepDims: boolean },
  ): Expr {
    if (axes.length === 0) return x;
    const reduced = new Set(axes.map((axis) => frontAxis(axis, x.dims.length)));
    const kept = x.dims.map((dim, axis) => (reduced.has(axis) ? 1 : dim));
    const dims = keepDims ? kept : kept.filter((_, axis) => !reduced.has(axis));
    const attributes = { keepdims: keepDims ? 1 : 0 };
    return this.op(op, [x, this.longs([...reduced])], { type: x.type, dims, attributes });
  }
}

function numericType(type: DataType): NumericType {
  if (type === 'string') throw new RangeError('texts are not reckoned with');
  return type;
}
