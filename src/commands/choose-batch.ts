import type { Dataset } from '../data/dataset.ts';
import { UsageError } from '../errors.ts';
import { byteLengthOf } from '../onnx/data-type.ts';
import { elementCount, type NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature, ValueSignature } from '../onnx/signature.ts';

export interface BatchWishes {
  /** What the user says; null where nothing was said. */
  readonly asked: number | null;
  readonly signature: ModelSignature;
  readonly oneSample: NamedTensors;
}

/** Large enough that the way to another process and back costs little, small enough for any cache of activations. */
const largestBatch = 64;

/** Of what goes to the process and comes back in one run: what a convolutional network keeps between is tens of times it. */
const mostBytes = 2 ** 24;

/**
 * Samples a run: as many as model or data fix, as the user says, or else a power of two up to 64 whose inputs and
 * outputs stay within 16 MiB.
 * @throws UsageError `bad-value` for a batch that model or data do not allow
 */
export function chooseBatch(
  { samplesPerRun }: Pick<Dataset, 'samplesPerRun'>,
  { asked, ...sizes }: BatchWishes,
): number {
  if (samplesPerRun === null) return asked ?? usualBatch(sizes);
  if (asked === null || asked === samplesPerRun) return samplesPerRun;
  const expected = `${samplesPerRun}, which the model or the data fix; leave it out`;
  throw new UsageError('bad-value', { flag: '--batch', value: String(asked), expected });
}

/** By what one sample takes; axes that nobody names are taken to be as long as the sample's longest. */
function usualBatch({ signature, oneSample }: Omit<BatchWishes, 'asked'>): number {
  const lengths = lengthsIn(signature.inputs, oneSample);
  const longest = Math.max(1, ...Object.values(oneSample).flatMap(({ dims }) => dims));
  const made = signature.outputs.map(({ type, shape }) => {
    const dims = shape.map((dim, axis) =>
      typeof dim === 'number' ? dim : (lengths.get(dim) ?? (axis === 0 ? 1 : longest)),
    );
    return byteLengthOf(type, elementCount(dims));
  });
  const fed = Object.values(oneSample).map(({ type, dims }) => byteLengthOf(type, elementCount(dims)));
  const bytes = [...fed, ...made].reduce((sum, size) => sum + size, 0);
  return Math.min(largestBatch, 2 ** Math.floor(Math.log2(Math.max(1, mostBytes / Math.max(1, bytes)))));
}

function lengthsIn(inputs: readonly ValueSignature[], feeds: NamedTensors): ReadonlyMap<string, number> {
  const named = inputs.flatMap(({ name, shape }) =>
    shape.flatMap((dim, axis): (readonly [string, number])[] => {
      const length = Object.hasOwn(feeds, name) ? feeds[name]?.dims[axis] : undefined;
      return typeof dim === 'string' && length !== undefined ? [[dim, length]] : [];
    }),
  );
  return new Map(named);
}
