import type { Model } from '../../../src/onnx/model.ts';

/** A tensor as plain numbers. */
export interface Plain {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** How a convolution slides, one number an axis; `pads` before each. */
export interface Sliding {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
}

export interface Rows {
  /** Rows of x in each group. */
  readonly inputs: readonly (readonly (readonly number[])[])[];
  readonly targets: readonly (readonly (readonly number[])[])[];
}

const count = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);

function unflatten(at: number, dims: readonly number[]): readonly number[] {
  return dims.map((dim, axis) => Math.floor(at / count(dims.slice(axis + 1))) % dim);
}

/** Every row of a convolution: im2col written as the definition has it, padding as zeros. */
export function convolutionRows(x: Plain, z: Plain, sliding: Sliding, groups = 1): Rows {
  const [samples = 0, channels = 0, ...lengths] = x.dims;
  const [, made = 0, ...outLengths] = z.dims;
  const part = channels / groups;
  const at = (sample: number, channel: number, place: readonly number[]) => {
    if (place.some((index, axis) => index < 0 || index >= (lengths[axis] ?? 0))) return 0;
    const flat = place.reduce((sum, index, axis) => sum * (lengths[axis] ?? 0) + index, sample * channels + channel);
    return x.data[flat] ?? NaN;
  };
  const places = Array.from({ length: samples * count(outLengths) }, (_, i) => ({
    sample: Math.floor(i / count(outLengths)),
    flat: i % count(outLengths),
  }));
  const inputs = (group: number) =>
    places.map(({ sample, flat }) =>
      Array.from({ length: part * count(sliding.kernel) }, (_, column) => {
        const tap = unflatten(column % count(sliding.kernel), sliding.kernel);
        const place = unflatten(flat, outLengths).map(
          (index, axis) =>
            index * (sliding.strides[axis] ?? 1) -
            (sliding.pads[axis] ?? 0) +
            (tap[axis] ?? 0) * (sliding.dilations[axis] ?? 1),
        );
        return at(sample, group * part + Math.floor(column / count(sliding.kernel)), place);
      }),
    );
  const targets = (group: number) =>
    places.map(({ sample, flat }) =>
      Array.from({ length: made / groups }, (_, channel) => {
        const plane = sample * made + (group * made) / groups + channel;
        return z.data[plane * count(outLengths) + flat] ?? NaN;
      }),
    );
  const all = Array.from({ length: groups }, (_, group) => group);
  return { inputs: all.map(inputs), targets: all.map(targets) };
}

/** Rows of the last axis. */
export function matrixRows(x: Plain, z: Plain): Rows {
  const rows = ({ dims, data }: Plain) => {
    const columns = dims.at(-1) ?? 1;
    return Array.from({ length: data.length / columns }, (_, row) => data.slice(row * columns, (row + 1) * columns));
  };
  return { inputs: [rows(x)], targets: [rows(z)] };
}

/** The rows of several runs behind each other. */
export function joinRows(parts: readonly Rows[]): Rows {
  const joined = (of: (rows: Rows) => Rows['inputs']) =>
    (parts[0] === undefined ? [] : of(parts[0])).map((_, group) => parts.flatMap((part) => of(part)[group] ?? []));
  return { inputs: joined(({ inputs }) => inputs), targets: joined(({ targets }) => targets) };
}

/** What `LayerSums` says of rows, added up one by one. */
export function bruteSums({ inputs, targets }: Rows) {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const pairs = (left: Rows['inputs'], right: Rows['inputs']) =>
    left.flatMap((rows, group) =>
      (rows[0] ?? []).flatMap((_, i) =>
        (right[group]?.[0] ?? []).map((_, j) =>
          sum(rows.map((row, at) => (row[i] ?? NaN) * (right[group]?.[at]?.[j] ?? NaN))),
        ),
      ),
    );
  const each = (parts: Rows['inputs'], of: (value: number) => number) =>
    parts.flatMap((rows) => (rows[0] ?? []).map((_, i) => sum(rows.map((row) => of(row[i] ?? NaN)))));
  return {
    rows: inputs[0]?.length ?? 0,
    groups: inputs.length,
    columns: inputs[0]?.[0]?.length ?? 0,
    outputs: targets[0]?.[0]?.length ?? 0,
    gram: pairs(inputs, inputs),
    cross: pairs(inputs, targets),
    inputSums: each(inputs, (value) => value),
    targetSums: each(targets, (value) => value),
    targetSquares: each(targets, (value) => value ** 2),
  };
}

/** Name of what a node reads first and of what it makes. */
export function edgesOf(model: Model, name: string): { readonly x: string; readonly z: string } {
  const node = [...model.graph.nodes()].find((each) => each.name === name);
  return { x: node?.input(0)?.name ?? '', z: node?.output(0)?.name ?? '' };
}
