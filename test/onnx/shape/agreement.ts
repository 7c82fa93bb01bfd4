import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { InferOptions } from '../../../src/onnx/shape/infer-types.ts';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import type { TensorInfo } from '../../../src/onnx/shape/tensor-info.ts';
import type { Dimension } from '../../../src/onnx/value-type.ts';
import { isStaticShape } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';

/** What inference said of values, by name, and what the runtime made of them. */
export interface Comparison {
  readonly infos: ReadonlyMap<string, TensorInfo>;
  readonly real: NamedTensors;
  /** Lengths of symbols in this run. */
  readonly lengths: ReadonlyMap<string, number>;
}

/** Infers, then runs the model with every value that its main graph's nodes make returned. */
export async function inferAndRun(model: Model, feeds: NamedTensors, options: InferOptions = {}): Promise<Comparison> {
  const types = inferTypes(model, options);
  const infos = new Map<string, TensorInfo>();
  for (const node of model.graph.nodes()) {
    for (const value of node.outputs) {
      if (value === null) continue;
      const info = types.get(value);
      if (info !== undefined) infos.set(value.name, info);
      if (value.isOutput) continue;
      if (value.declaredType === null && info?.elementType)
        value.setType({ kind: 'tensor', elementType: info.elementType, shape: null });
      model.graph.addOutput(value);
    }
  }
  return { infos, real: await runModel(encodeModel(model), feeds), lengths: lengthsOf(model, feeds) };
}

/** Lengths of `INPUT#AXIS`, and of the names that inputs declare. */
export function lengthsOf(model: Model, feeds: NamedTensors): ReadonlyMap<string, number> {
  const lengths = new Map<string, number>();
  for (const { name, type } of model.graph.inputs) {
    for (const [axis, length] of (feeds[name]?.dims ?? []).entries()) {
      lengths.set(`${name}#${axis}`, length);
      const dim = type?.kind === 'tensor' ? type.shape?.[axis] : null;
      if (typeof dim === 'string') lengths.set(dim, length);
    }
  }
  return lengths;
}

/** Where what inference claims differs from what the runtime made; there must be none, ever. */
export function disagreements({ infos, real, lengths }: Comparison): readonly string[] {
  const found: string[] = [];
  for (const [name, { elementType, shape, content }] of infos) {
    const made = real[name];
    if (made === undefined) continue;
    if (elementType !== null && elementType !== made.type) found.push(`${name}: ${elementType}, not ${made.type}`);
    const isSameRank = shape === null || shape.length === made.dims.length;
    if (!isSameRank || !agree(shape, made.dims, lengths)) found.push(`${name}: [${shape}], not [${made.dims}]`);
    if (content !== null && !agree(content, numbersOf(made), lengths))
      found.push(`${name}: {${content}}, not {${numbersOf(made)}}`);
  }
  return found;
}

/** What is unknown agrees with anything; a symbol with its length, or with anything where that is not known. */
function agree(
  claimed: readonly Dimension[] | null,
  real: readonly number[],
  lengths: ReadonlyMap<string, number>,
): boolean {
  if (claimed === null) return true;
  return claimed.every((dim, index) => {
    const bound = typeof dim === 'string' ? (lengths.get(dim) ?? null) : dim;
    return bound === null || bound === real[index];
  });
}

/** Values whose type or shape inference does not know in full. */
export function unknowns({ infos, real }: Comparison): readonly string[] {
  return Object.keys(real).filter((name) => {
    const info = infos.get(name);
    return info === undefined || info.elementType === null || !isStaticShape(info.shape);
  });
}

function numbersOf({ data }: DenseTensor): readonly number[] {
  return Array.from<string | number | bigint, number>(data, Number);
}
