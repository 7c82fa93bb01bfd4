import type { Value } from '../../onnx/value.ts';
import { tensorType } from '../../onnx/value-type.ts';
import type { IndexMath } from './index-math.ts';
import type { LayerProduct } from './layer-product.ts';
import type { LayerRows } from './layer-rows.ts';

/** Where a sum of earlier runs comes in and the sum with this run leaves. */
export interface CarriedPlace {
  readonly input: string;
  readonly output: string;
  /** Axes of the sum. */
  readonly rank: number;
}

export interface LayerTap {
  readonly gram: CarriedPlace;
  readonly cross: CarriedPlace;
  /** Inputs that hold what is subtracted from every row of x and of z, 0 at first. */
  readonly shifts: { readonly inputs: ShiftPlace; readonly targets: ShiftPlace };
  /** Both sums, then as `LayerRecord.addRun` takes them the totals of this run alone. */
  readonly outputs: readonly [gram: Value, cross: Value, totals: Value];
}

/** An input of as many numbers. */
export interface ShiftPlace {
  readonly input: string;
  readonly length: number;
}

/**
 * Adds the products of this run's rows to what inputs hold. Rows with NaN or infinities: the whole run adds nothing.
 * Sums in float32 lose what varies where it sits on a large mean: so all are taken around a shift.
 */
export function layerTap(
  math: IndexMath,
  rows: LayerRows,
  { node, product }: { readonly node: string; readonly product: LayerProduct },
): LayerTap {
  const { groups, columns, outputs } = product;
  const ofInputs = shifted(math, rows.inputs, { name: `${node}/x_shift`, length: groups * columns });
  const ofTargets = shifted(math, rows.targets, { name: `${node}/z_shift`, length: groups * outputs });
  const [x, z] = [ofInputs.rows, ofTargets.rows];
  const check = math.op('Add', differenceSum(math, x), differenceSum(math, z));
  const zero = math.writer.scalar(0).value;
  const isFinite = math.op('Equal', check, zero);
  const inputs = { value: math.op('Where', isFinite, x, zero), length: columns };
  const targets = { value: math.op('Where', isFinite, z, zero), length: outputs };
  const write = groups === 1 ? plainProduct : groupedProduct;
  const gram = write(math, { name: `${node}/gram`, left: inputs, right: inputs, groups });
  const cross = write(math, { name: `${node}/cross`, left: inputs, right: targets, groups });
  const sum = (op: string, { value }: Factor) =>
    math.writer.builder.op(op, [value, math.writer.longs([0])], { attributes: { keepdims: 0 } });
  const parts = [
    check,
    math.cast(math.longLength(x, 0), 'float32'),
    sum('ReduceSum', inputs),
    sum('ReduceSum', targets),
    sum('ReduceSumSquare', targets),
  ];
  const totals = math.writer.builder.op('Concat', parts, { attributes: { axis: 0 }, as: 'totals' });
  const shifts = { inputs: ofInputs.place, targets: ofTargets.place };
  return { gram: gram.place, cross: cross.place, shifts, outputs: [gram.sum, cross.sum, totals] };
}

interface ShiftSpec {
  readonly name: string;
  readonly length: number;
}

function shifted(math: IndexMath, rows: Value, { name, length }: ShiftSpec): { rows: Value; place: ShiftPlace } {
  const { builder, graph } = math.writer;
  const shift = builder.input(graph.names.unique(name), tensorType('float32', [length]));
  return { rows: math.op('Sub', math.cast(rows, 'float32'), shift), place: { input: shift.name, length } };
}

/** 0 where all is finite, else NaN: [1]. */
function differenceSum(math: IndexMath, value: Value): Value {
  const differences = math.op('Reshape', math.op('Sub', value, value), math.writer.longs([-1]));
  return math.writer.builder.op('ReduceSum', [differences]);
}

interface Product {
  /** Of what is carried. */
  readonly name: string;
  readonly left: Factor;
  readonly right: Factor;
  readonly groups: number;
}

/** [rows, groups x length] */
interface Factor {
  readonly value: Value;
  readonly length: number;
}

interface Summed {
  readonly place: CarriedPlace;
  readonly sum: Value;
}

function plainProduct(math: IndexMath, { name, left, right }: Product): Summed {
  const earlier = carriedInput(math, name, 2);
  const sum = math.writer.builder.op('Gemm', [left.value, right.value, earlier], {
    attributes: { transA: 1 },
    as: `${name}_out`,
  });
  return { place: { input: earlier.name, output: sum.name, rank: 2 }, sum };
}

/** [groups, left's columns, right's columns] */
function groupedProduct(math: IndexMath, { name, left, right, groups }: Product): Summed {
  const { builder } = math.writer;
  const split = ({ value, length }: Factor, perm: readonly number[]) => {
    // Products of no rows, fused with their transposes, end onnxruntime's process: one row of zeros adds nothing.
    const zeros = builder.op('Expand', [math.writer.scalar(0).value, math.writer.longs([1, groups * length])]);
    const rows = builder.op('Concat', [value, zeros], { attributes: { axis: 0 } });
    const groupsApart = math.op('Reshape', rows, math.writer.longs([-1, groups, length]));
    return builder.op('Transpose', [groupsApart], { attributes: { perm } });
  };
  const earlier = carriedInput(math, name, 3);
  const sum = math.op('MatMul', split(left, [1, 2, 0]), split(right, [1, 0, 2]));
  const added = builder.op('Add', [sum, earlier], { as: `${name}_out` });
  return { place: { input: earlier.name, output: added.name, rank: 3 }, sum: added };
}

function carriedInput(math: IndexMath, name: string, rank: number): Value {
  const type = tensorType(
    'float32',
    Array.from({ length: rank }, () => null),
  );
  return math.writer.builder.input(math.writer.graph.names.unique(name), type);
}
