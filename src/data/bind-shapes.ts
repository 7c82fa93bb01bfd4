import { UsageError } from '../errors.ts';
import { byteLengthOf } from '../onnx/data-type.ts';
import { elementCount } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { type BatchAxis, batchAxisOf } from './batch-axis.ts';
import { maxTensorBytes } from './data-file.ts';
import { DimensionBindings } from './dimension-bindings.ts';
import { findDimension, meaningOf, symbolicDimensions } from './dimension-names.ts';
import { type GuessedDimension, guessDimensions } from './guess-dimensions.ts';

/** What is known of a model's symbolic dimensions. */
export interface ShapeRequest {
  /** Names the model in errors. */
  readonly modelPath: string;
  /** `--dim`: sizes by dimension name or `INPUT#AXIS`. */
  readonly dims: Readonly<Record<string, number>>;
  /** `--shape`: whole shapes by input. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Shapes of inputs that come from data, batch included. */
  readonly dataShapes?: ReadonlyMap<string, readonly number[]>;
  readonly batch: number | null;
  readonly batchAxis: BatchAxis;
}

/** Every input with a shape of numbers only. */
export interface BoundShapes {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly dims: Readonly<Record<string, number>>;
  readonly guessed: readonly GuessedDimension[];
}

/**
 * Gives every symbolic dimension a size: from `--dim`, `--shape`, data and the batch, in this order, then from what its
 * name says.
 * @throws UsageError `unknown-dimension`, `unknown-input`, `shape-mismatch`, `dimension-conflict`, `bad-value`, and
 * `unbound-dimension` for what is left
 */
export function bindShapes(inputs: readonly ValueSignature[], request: ShapeRequest): BoundShapes {
  const dimensions = symbolicDimensions(inputs);
  const bindings = new DimensionBindings();
  bindDims(inputs, request.dims, bindings);
  for (const [name, given] of Object.entries(request.shapes)) {
    const shape = withBatch(inputs, { name, shape: given }, request);
    bindGivenShape(inputs, { name, shape }, bindings);
  }
  for (const input of inputs) {
    const shape = request.dataShapes?.get(input.name);
    if (shape) bindings.bindShape(input, shape);
  }
  bindBatch(request, bindings);
  const guessed = guessDimensions(dimensions, bindings);
  refuseUnbound(inputs, request.modelPath, bindings);
  const shapes = inputs.map((input) => [input.name, shapeOf(input, bindings)] as const);
  return { shapes: Object.fromEntries(shapes), dims: bindings.toRecord(), guessed };
}

function bindDims(inputs: readonly ValueSignature[], dims: ShapeRequest['dims'], bindings: DimensionBindings): void {
  for (const [name, size] of Object.entries(dims)) {
    const dimension = findDimension(inputs, name);
    if (dimension === null) {
      throw new UsageError('unknown-dimension', { dimension: name, known: symbolicDimensions(inputs) });
    }
    checkSize({ flag: '--dim', value: `${name}=${size}`, size, dimension });
    bindings.bind(dimension, size);
  }
}

function bindGivenShape(
  inputs: readonly ValueSignature[],
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  bindings: DimensionBindings,
): void {
  const input = inputs.find((candidate) => candidate.name === name);
  if (!input) throw new UsageError('unknown-input', { input: name, known: inputs.map((known) => known.name) });
  bindings.bindShape(input, shape);
  for (const [i, size] of shape.entries()) {
    checkSize({ flag: '--shape', value: `${name}=${shape.join('x')}`, size, dimension: input.shape[i] ?? size });
  }
}

interface GivenSize {
  readonly flag: string;
  readonly value: string;
  readonly size: number;
  readonly dimension: string | number;
}

/** Only a past may be empty. A fixed axis has been compared with the model's own and may be anything. */
function checkSize({ flag, value, size, dimension }: GivenSize): void {
  if (typeof dimension === 'number') return;
  const least = meaningOf(dimension) === 'past' ? 0 : 1;
  if (Number.isSafeInteger(size) && size >= least) return;
  throw new UsageError('bad-value', { flag, value, expected: `a whole number of at least ${least}` });
}

/** A given shape says what one run looks like; where batches are asked for, they stand in for its batch axis. */
function withBatch(
  inputs: readonly ValueSignature[],
  { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  { batch, batchAxis }: ShapeRequest,
): readonly number[] {
  const input = inputs.find((candidate) => candidate.name === name);
  const axis = input === undefined ? null : batchAxisOf(input, batchAxis);
  if (batch === null || batchAxis.kind !== 'symbolic' || axis === null) return shape;
  return shape.map((size, at) => (at === axis ? batch : size));
}

/** Binds the batch and the dimensions that go with it: 1 where nobody gave a size. */
function bindBatch({ batch, batchAxis }: ShapeRequest, bindings: DimensionBindings): void {
  if (batch !== null) checkSize({ flag: '--batch', value: String(batch), size: batch, dimension: 'batch' });
  if (batchAxis.kind !== 'symbolic') {
    const first = batchAxis.kind === 'fixed' ? batchAxis.size : 1;
    if (batch !== null && batch !== first) {
      throw new UsageError('dimension-conflict', { dimension: 'batch', first, second: batch });
    }
    return;
  }
  const names = [batchAxis.dimension, ...batchAxis.also];
  if (batch !== null) {
    for (const name of names) bindings.bind(name, batch);
    return;
  }
  const bound = names.map((name) => bindings.get(name)).find((size) => size !== undefined);
  const unbound = names.filter((name) => bindings.get(name) === undefined);
  for (const name of unbound) bindings.bind(name, bound ?? 1);
}

function refuseUnbound(inputs: readonly ValueSignature[], model: string, bindings: DimensionBindings): void {
  const unbound = inputs.flatMap(({ name: input, shape }) =>
    shape.flatMap((dimension, axis) =>
      typeof dimension === 'string' && bindings.get(dimension) === undefined ? [{ input, axis, dimension }] : [],
    ),
  );
  const [first] = unbound;
  if (!first) return;
  const others = [...new Set(unbound.map(({ dimension }) => dimension))].filter((name) => name !== first.dimension);
  throw new UsageError('unbound-dimension', { model, ...first, others });
}

/** @throws UsageError `bad-value` for a tensor that no memory would hold. */
function shapeOf(input: ValueSignature, bindings: DimensionBindings): readonly number[] {
  const shape = input.shape.map((axis) => (typeof axis === 'number' ? axis : (bindings.get(axis) ?? 0)));
  if (!(byteLengthOf(input.type, elementCount(shape)) <= maxTensorBytes)) {
    const value = `${input.name}=${shape.join('x')}`;
    throw new UsageError('bad-value', { flag: '--shape', value, expected: `at most ${maxTensorBytes} bytes an input` });
  }
  return shape;
}
