import { DimensionBindings } from '../data/dimension-bindings.ts';
import { findDimension, symbolicDimensions } from '../data/dimension-names.ts';
import { UsageError } from '../errors.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import type { FedModel } from './fed-model.ts';
import { bothOf, type ModelPair } from './model-pair.ts';

/** What the user says of inputs. */
export interface GivenLengths {
  /** `--dim`: by name or `INPUT#AXIS`. */
  readonly dims: Readonly<Record<string, number>>;
  /** `--shape`: by input. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** `--input`: only the names count here. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface BoundLengths {
  /** By symbolic dimension, those of the batch left out. */
  readonly dims: Readonly<Record<string, number>>;
  /** What `--dim` says of the batch; null where it says nothing. */
  readonly batch: number | null;
}

/**
 * Lengths by the names that the models give their dimensions. The batch of a whole shape is that of any one run: it
 * says nothing.
 * @throws UsageError `unknown-dimension`, `unknown-input`, `shape-mismatch`, `dimension-conflict`
 */
export function boundLengths(pair: ModelPair<FedModel>, given: GivenLengths): BoundLengths {
  const models = bothOf(pair);
  const inputs = models.flatMap(({ signature }) => signature.inputs);
  const batch = new Set(models.flatMap(namesOfBatch));
  for (const name of Object.keys(given.values)) inputsNamed(inputs, name);
  const bindings = new DimensionBindings();
  for (const [dimension, length] of Object.entries(ofShapes(inputs, given.shapes)))
    if (!batch.has(dimension)) bindings.bind(dimension, length);
  for (const [name, length] of Object.entries(given.dims))
    for (const dimension of dimensionsNamed(models, name)) bindings.bind(dimension, length);
  const bound = Object.entries(bindings.toRecord());
  return {
    dims: Object.fromEntries(bound.filter(([dimension]) => !batch.has(dimension))),
    batch: bound.find(([dimension]) => batch.has(dimension))?.[1] ?? null,
  };
}

function ofShapes(inputs: readonly ValueSignature[], shapes: GivenLengths['shapes']): Readonly<Record<string, number>> {
  const bindings = new DimensionBindings();
  for (const [name, shape] of Object.entries(shapes))
    for (const input of inputsNamed(inputs, name)) bindings.bindShape(input, shape);
  return bindings.toRecord();
}

function namesOfBatch({ batchAxis }: FedModel): readonly string[] {
  return batchAxis.kind === 'symbolic' ? [batchAxis.dimension, ...batchAxis.also] : [];
}

function inputsNamed(inputs: readonly ValueSignature[], name: string): readonly ValueSignature[] {
  const found = inputs.filter((input) => input.name === name);
  const known = [...new Set(inputs.map((input) => input.name))];
  if (found.length === 0) throw new UsageError('unknown-input', { input: name, known });
  return found;
}

function dimensionsNamed(models: readonly FedModel[], name: string): readonly string[] {
  const found = models.map(({ signature }) => findDimension(signature.inputs, name)).filter((own) => own !== null);
  const known = symbolicDimensions(models.flatMap(({ signature }) => signature.inputs));
  if (found.length === 0) throw new UsageError('unknown-dimension', { dimension: name, known });
  return [...new Set(found)];
}
