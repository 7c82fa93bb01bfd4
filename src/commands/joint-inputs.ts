import { type BatchAxis, batchAxisOf } from '../data/batch-axis.ts';
import { UsageError } from '../errors.ts';
import { bitsOf, type DataType, isFloatType, isIntegerType } from '../onnx/data-type.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import type { FedModel } from './fed-model.ts';
import type { ModelPair } from './model-pair.ts';

/** What the data must hold for both models. */
export interface JointInputs {
  readonly inputs: readonly ValueSignature[];
  readonly batchAxis: BatchAxis;
}

/** The more, the less a model leaves open. */
const strictness: Readonly<Record<BatchAxis['kind'], number>> = { symbolic: 0, fixed: 1, none: 2 };

/**
 * Every input of either model, each as the data must hold it to suit both: lengths that one fixes are fixed, the wider
 * of two types counts, and samples lie where the model that leaves less open has them.
 * @throws UsageError `inputs-unlike` where nothing suits both
 */
export function jointInputs({ model, reference }: ModelPair<FedModel>): JointInputs {
  if (reference === null) return { inputs: model.signature.inputs, batchAxis: model.batchAxis };
  const isLed = strictness[reference.batchAxis.kind] > strictness[model.batchAxis.kind];
  const [leader, follower] = isLed ? [reference, model] : [model, reference];
  const own = leader.signature.inputs.map((input) => {
    const other = follower.signature.inputs.find(({ name }) => name === input.name);
    if (other === undefined) return input;
    const joint = jointInput(input, other);
    if (joint !== null) return joint;
    throw unlike(input.name, model, reference);
  });
  const names = new Set(own.map(({ name }) => name));
  const more = follower.signature.inputs.filter(({ name }) => !names.has(name));
  return {
    inputs: [...own, ...more.map((input) => withBatchOf(leader.batchAxis, input, follower.batchAxis))],
    batchAxis: leader.batchAxis,
  };
}

/** The same with every length that is known by the name of its dimension. */
export function withLengths({ inputs, batchAxis }: JointInputs, dims: Readonly<Record<string, number>>): JointInputs {
  const lengthOf = (dim: number | string) => (typeof dim === 'string' && Object.hasOwn(dims, dim) ? dims[dim] : dim);
  const known = inputs.map((input) => ({ ...input, shape: input.shape.map((dim) => lengthOf(dim) ?? dim) }));
  return { inputs: known, batchAxis };
}

/** Null when no tensor is an input of both. */
function jointInput(input: ValueSignature, other: ValueSignature): ValueSignature | null {
  const type = widerType(input.type, other.type);
  const shape = input.shape.map((dim, axis) => jointLength(dim, other.shape[axis])).filter((dim) => dim !== null);
  if (type === null || shape.length !== input.shape.length || shape.length !== other.shape.length) return null;
  return { name: input.name, type, shape };
}

function jointLength(dim: number | string, other: number | string | undefined): number | string | null {
  if (typeof dim === 'string') return typeof other === 'number' ? other : dim;
  return typeof other === 'number' && other !== dim ? null : dim;
}

/** Floats go with floats and whole numbers with whole numbers of the same sign. */
function widerType(a: DataType, b: DataType): DataType | null {
  if (a === b) return a;
  const areFloats = isFloatType(a) && isFloatType(b);
  const areIntegers = isIntegerType(a) && isIntegerType(b) && a.startsWith('u') === b.startsWith('u');
  if ((!areFloats && !areIntegers) || bitsOf(a) === bitsOf(b)) return null;
  return bitsOf(a) > bitsOf(b) ? a : b;
}

/** An input that only the other model has, with its samples along the axis by the leader's name or length. */
function withBatchOf(leader: BatchAxis, input: ValueSignature, own: BatchAxis): ValueSignature {
  const axis = batchAxisOf(input, own);
  if (axis === null) return input;
  const length = leader.kind === 'symbolic' ? leader.dimension : leader.kind === 'fixed' ? leader.size : 1;
  return { ...input, shape: input.shape.with(axis, length) };
}

function unlike(input: string, model: FedModel, reference: FedModel): UsageError {
  const textOf = ({ signature }: FedModel) => {
    const { type, shape } = signature.inputs.find(({ name }) => name === input) ?? { type: 'missing', shape: [] };
    return `${type}[${shape.join(', ')}]`;
  };
  const names = { model: model.name, reference: reference.name };
  return new UsageError('inputs-unlike', { ...names, input, found: textOf(model), expected: textOf(reference) });
}
