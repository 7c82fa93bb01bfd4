import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { createRandom } from '../stats/seeded-random.ts';
import { batchAxisOf } from './batch-axis.ts';
import { bindShapes, type BoundShapes } from './bind-shapes.ts';
import { meaningOf } from './dimension-names.ts';
import type { InputNote } from './input-note.ts';
import type { InputRequest } from './input-request.ts';
import type { InputValue } from './input-value.ts';
import { synthesizeInput } from './synthetic.ts';
import { valueTensor } from './value-tensor.ts';

/** One set of inputs of the pool. */
export interface FilledInputs {
  readonly feeds: NamedTensors;
  readonly dims: BoundShapes['dims'];
  readonly notes: readonly InputNote[];
  /** Whether another index gives other bytes for the same data. */
  readonly varies: boolean;
}

export interface FillRequest {
  readonly request: InputRequest;
  /** Inputs that data gives, whole and batched. */
  readonly tensors: NamedTensors;
  /** Which set of the pool this is: each has random numbers of its own. */
  readonly index: number;
}

/** Completes what data gives: binds shapes to it, then fills the other inputs. */
export function fillInputs(inputs: readonly ValueSignature[], fill: FillRequest): FilledInputs {
  const tensors = new Map(Object.entries(fill.tensors));
  const bound = bindShapes(inputs, { ...fill.request, dataShapes: dataShapesOf(inputs, fill.request, tensors) });
  const shapes = new Map(Object.entries(bound.shapes));
  const values = new Map(Object.entries(fill.request.values));
  const limits = new Map(Object.entries(fill.request.integerLimits));
  const past = Object.entries(bound.dims).find(([dimension]) => meaningOf(dimension) === 'past')?.[1] ?? 0;
  const filled = inputs.map((input) => {
    const data = tensors.get(input.name);
    if (data) return { input, tensor: data, varies: false, guessed: null };
    const random = createRandom(fill.request.seed, 'input', input.name, fill.index);
    const shape = shapes.get(input.name) ?? [];
    const value = values.get(input.name);
    if (value === undefined || value.kind === 'file')
      return { input, ...synthesizeInput(input, { shape, past, below: limits.get(input.name) ?? null, random }) };
    const tensor = valueTensor(input, { value, shape, random });
    return { input, tensor, varies: value.kind === 'range', guessed: null };
  });
  return {
    feeds: Object.fromEntries(filled.map(({ input, tensor }) => [input.name, tensor])),
    dims: bound.dims,
    notes: [
      ...bound.guessed.map((details) => ({ code: 'dimension-guessed', details }) as const),
      ...filled.flatMap(({ input, guessed }) => (guessed === null ? [] : [guessedNote(input, guessed)])),
    ],
    varies: filled.some(({ varies }) => varies),
  };
}

function guessedNote(input: ValueSignature, values: string): InputNote {
  return { code: 'inputs-guessed', details: { input: input.name, values } };
}

/** Shapes that follow from data, and from lists given for vectors. */
function dataShapesOf(
  inputs: readonly ValueSignature[],
  { values, batch, batchAxis }: InputRequest,
  tensors: ReadonlyMap<string, DenseTensor>,
): ReadonlyMap<string, readonly number[]> {
  const byName = new Map<string, InputValue>(Object.entries(values));
  return new Map(
    inputs.flatMap((input): (readonly [string, readonly number[]])[] => {
      const tensor = tensors.get(input.name);
      if (tensor) return [[input.name, tensor.dims]];
      const value = byName.get(input.name);
      const isFree = batch === null || batchAxisOf(input, batchAxis) === null;
      const isVector = input.shape.length === 1 && typeof input.shape[0] === 'string';
      return value?.kind === 'list' && isVector && isFree ? [[input.name, [value.items.length]]] : [];
    }),
  );
}
