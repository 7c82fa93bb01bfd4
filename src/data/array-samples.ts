import { DataError } from '../errors.ts';
import { type DenseTensor, elementCount, type TensorElements } from '../onnx/dense-tensor.ts';
import { checkTensor } from './check-tensor.ts';
import type { Sample } from './sample.ts';
import type { SampleOptions } from './sample-options.ts';

/** Arrays by input name, read when asked for. */
export interface ArraySource {
  readonly path: string;
  readonly names: readonly string[];
  read(name: string): DenseTensor;
}

/** The true classes, which evaluating needs and running does not. */
const labelName = 'label';

const sampleAxis = 'this is the shape of one sample: the first axis of the array counts them';

/**
 * Cuts arrays into samples along their first axis. A single number is the same for every sample.
 * @throws DataError when names, types or shapes do not suit the model, or the arrays have different lengths
 */
export function arraySamples(source: ArraySource, options: SampleOptions): readonly Sample[] {
  const columns = readColumns(source, options);
  const count = countSamples(source.path, columns);
  const order = Array.from({ length: count }, (_, i) => i);
  const chosen = options.limit === null ? order : options.random.shuffle(order).slice(0, options.limit);
  const samples = chosen.map((index) => ({
    inputs: Object.fromEntries([...columns].map(([name, column]) => [name, sliceOf(column, index)])),
    expected: null,
    origin: `${source.path}[${index}]`,
  }));
  const [first] = samples;
  for (const input of options.inputs) {
    const tensor = columns.has(input.name) ? first?.inputs[input.name] : undefined;
    if (tensor) checkTensor(input, tensor, { path: source.path, batchAxis: options.batchAxis, hint: sampleAxis });
  }
  return samples;
}

function readColumns(source: ArraySource, { inputs, given }: SampleOptions): ReadonlyMap<string, DenseTensor> {
  const known = inputs.map((input) => input.name);
  const stranger = source.names.find((name) => !known.includes(name) && name !== labelName);
  if (stranger !== undefined) {
    throw new DataError('data-unknown-input', { path: source.path, name: stranger, known });
  }
  const wanted = known.filter((name) => !given.has(name));
  const missing = wanted.find((name) => !source.names.includes(name));
  if (missing !== undefined) {
    throw new DataError('data-missing-input', { path: source.path, input: missing, found: source.names });
  }
  return new Map(wanted.map((name) => [name, source.read(name)]));
}

function countSamples(path: string, columns: ReadonlyMap<string, DenseTensor>): number {
  const malformed = (problem: string) => new DataError('data-malformed', { path, offset: null, problem });
  const counts = [...columns].flatMap(([name, { dims }]) => (dims[0] === undefined ? [] : [{ name, count: dims[0] }]));
  const [first] = counts;
  const other = counts.find(({ count }) => count !== first?.count);
  if (first && other) {
    throw malformed(`${first.name} has ${first.count} samples and ${other.name} has ${other.count}`);
  }
  if (first?.count === 0) throw malformed('there are no samples in it');
  return first?.count ?? 1;
}

function sliceOf({ type, dims, data }: DenseTensor, index: number): DenseTensor {
  if (dims.length === 0) return { type, dims, data };
  const rest = dims.slice(1);
  const size = elementCount(rest);
  return { type, dims: rest, data: part(data, index * size, (index + 1) * size) };
}

/** A view where there can be one: samples share the memory of the array they are cut from. */
function part(data: TensorElements, start: number, end: number): TensorElements {
  return ArrayBuffer.isView(data) ? data.subarray(start, end) : data.slice(start, end);
}
