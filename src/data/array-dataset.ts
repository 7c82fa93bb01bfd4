import { DataError } from '../errors.ts';
import { type DenseTensor, elementCount, type NamedTensors } from '../onnx/dense-tensor.ts';
import { ArrayColumn } from './array-column.ts';
import { checkFinite } from './check-finite.ts';
import { checkNames, labelName } from './check-names.ts';
import { completeLanguageInputs } from './complete-language-inputs.ts';
import type { Dataset, DatasetBatch } from './dataset.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { labelsOf } from './labels-of.ts';
import { padIndices } from './pad-indices.ts';
import { RecycledBuffers } from './recycled-buffers.ts';
import type { StoredArray } from './stored-array.ts';
import type { StoredArrays } from './stored-arrays.ts';

/**
 * Samples along the first axis of stored arrays, one an input, with their `label` where there is one. Of the arrays only
 * the rows of a batch are in memory.
 * @throws DataError when names, types, shapes or lengths do not suit the model or one another
 */
export async function arrayDataset(arrays: StoredArrays, options: DatasetOptions): Promise<Omit<Dataset, 'close'>> {
  const { path } = arrays;
  checkNames(arrays.names, { path, options });
  const columns = await openColumns(arrays, options);
  const hasLabels = arrays.names.includes(labelName) && !options.inputs.some(({ name }) => name === labelName);
  const labels = hasLabels ? await arrays.open(labelName) : null;
  const size = countSamples(path, columns, labels);
  const samplesPerRun = runSizeOf(path, columns, options);
  const buffers = new RecycledBuffers();
  return {
    path,
    size,
    hasLabels,
    classNames: null,
    hasPairs: false,
    samplesPerRun,
    originOf: (index) => `${path}[${index}]`,
    shapeKey: async () => '',
    async read(indices): Promise<DatasetBatch> {
      const rows = padIndices(indices, options.batchAxis.kind === 'fixed' ? samplesPerRun : null);
      const read = await Promise.all(
        columns.map(async (column) => ({ column, tensor: await column.read(rows, buffers) })),
      );
      const tensors = read.map(({ column, tensor }) => [column.name, tensor] as const);
      const feeds: NamedTensors = completeLanguageInputs(Object.fromEntries(tensors), options);
      const own = labels && labelsOf(await readLabels(labels, indices));
      const recycle = () => read.forEach(({ column, tensor }) => column.recycle(tensor, buffers));
      return { indices, feeds, labels: own, expected: null, recycle };
    },
  };
}

async function readLabels(labels: StoredArray, indices: readonly number[]): Promise<DenseTensor> {
  const rows = await labels.readRows(indices);
  const rowSize = Math.max(1, elementCount(rows.dims.slice(1)));
  const sampleOf = (element: number) => indices[Math.floor(element / rowSize)] ?? 0;
  checkFinite(labelName, rows, { path: labels.path, sampleOf });
  return rows;
}

async function openColumns(arrays: StoredArrays, options: DatasetOptions): Promise<readonly ArrayColumn[]> {
  const columns: ArrayColumn[] = [];
  for (const input of options.inputs) {
    if (options.given.has(input.name) || !arrays.names.includes(input.name)) continue;
    columns.push(await ArrayColumn.open(arrays, input, options));
  }
  return columns;
}

/** Samples without elements, of which a few bytes could promise any number. */
const mostHollow = 2 ** 20;

function countSamples(path: string, columns: readonly ArrayColumn[], labels: StoredArray | null): number {
  const malformed = (problem: string) => new DataError('data-malformed', { path, offset: null, problem });
  const counts = columns.flatMap(({ name, length, isHollow }) => (length === null ? [] : [{ name, length, isHollow }]));
  const [first] = counts;
  const other = counts.find(({ length }) => length !== first?.length);
  if (first && other) {
    throw malformed(`${first.name} has ${first.length} samples and ${other.name} has ${other.length}`);
  }
  const size = first?.length ?? 1;
  if (size === 0) throw malformed('there are no samples in it');
  if (size > mostHollow && counts.every(({ isHollow }) => isHollow)) {
    throw malformed(`its ${size} samples have no elements`);
  }
  const labelCount = labels === null ? size : (labels.dims[0] ?? 0);
  if (labelCount === size) return size;
  throw malformed(
    `there are ${size} samples and ${labels?.dims.length === 0 ? 'a single label' : `${labelCount} labels`}`,
  );
}

/** An input without batch axis that differs from sample to sample lets only one of them into a run. */
function runSizeOf(path: string, columns: readonly ArrayColumn[], { batchAxis }: DatasetOptions): number | null {
  if (batchAxis.kind === 'none') return 1;
  const batched = columns.filter(({ axis }) => axis !== null);
  const [first] = batched;
  const other = batched.find(({ items }) => items !== first?.items);
  if (first && other) {
    const problem = `each sample holds ${first.items} items of ${first.name} and ${other.items} of ${other.name}`;
    throw new DataError('data-malformed', { path, offset: null, problem });
  }
  if (columns.some(({ axis, length }) => axis === null && length !== null)) return 1;
  return batchAxis.kind === 'fixed' ? batchAxis.size / (first?.items ?? 1) : null;
}
