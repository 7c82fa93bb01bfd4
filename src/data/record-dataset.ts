import { DataError } from '../errors.ts';
import type { BatchAxis } from './batch-axis.ts';
import { batchSamples, itemsIn } from './batch-samples.ts';
import { checkFinite } from './check-finite.ts';
import { completeLanguageInputs } from './complete-language-inputs.ts';
import type { DataRecord, RecordSource } from './data-record.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { Dataset, DatasetBatch } from './dataset.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { joinExpected } from './join-expected.ts';
import { padIndices } from './pad-indices.ts';
import { ReadOnce } from './read-once.ts';
import { recordKey } from './record-key.ts';
import type { Sample } from './sample.ts';

/**
 * Samples that are decoded one by one, put together as a model takes them.
 * @throws DataError for the first sample, which is decoded to see what the model will get
 */
export async function recordDataset(source: RecordSource, options: DatasetOptions): Promise<Omit<Dataset, 'close'>> {
  const { path, size, hasLabels, classNames, hasPairs } = source;
  const isApart = hasPairs && options.pairs === 'separate';
  const records = new ReadOnce((index) => loadChecked(source, index, isApart));
  const { batchAxis, inputs } = options;
  const samplesPerRun = runSize(batchAxis, itemsIn(inputs, sampleOf(await records.peek(0), path), batchAxis));
  const shapeKey = source.quickKey ?? (async (index: number) => recordKey(await records.peek(index), index, options));
  return {
    path,
    size,
    hasLabels,
    classNames,
    hasPairs,
    samplesPerRun,
    originOf: (index) => source.originOf(index),
    shapeKey,
    async read(indices): Promise<DatasetBatch> {
      const loaded = await Promise.all(indices.map((index) => records.take(index)));
      const byIndex = new Map(indices.map((index, i) => [index, loaded[i]] as const));
      const rows = padIndices(indices, batchAxis.kind === 'fixed' ? samplesPerRun : null);
      const samples = rows.flatMap((index) => {
        const record = byIndex.get(index);
        return record ? [{ ...sampleOf(record, source.originOf(index)), pair: record.pair }] : [];
      });
      const [first, ...rest] = samples;
      if (!first) return { indices, feeds: {}, labels: hasLabels ? [] : null, expected: null };
      const labels = hasLabels ? loaded.flatMap(({ label }) => label ?? []) : null;
      const expected = joinExpected([first, ...rest], options);
      const batch = { indices, feeds: feedsOf([first, ...rest], options), labels, expected };
      return isApart ? { ...batch, pair: feedsOf([secondOf(first), ...rest.map(secondOf)], options) } : batch;
    },
  };
}

function feedsOf(samples: readonly [Sample, ...Sample[]], options: DatasetOptions): NamedTensors {
  return completeLanguageInputs(batchSamples(options.inputs, samples, options.batchAxis), options);
}

function secondOf({ origin, pair }: Sample & { readonly pair: NamedTensors | null }): Sample {
  return { inputs: pair ?? {}, expected: null, origin };
}

function runSize(batchAxis: BatchAxis, items: number): number | null {
  if (batchAxis.kind === 'none') return 1;
  return batchAxis.kind === 'fixed' ? Math.max(1, batchAxis.size / items) : null;
}

async function loadChecked(source: RecordSource, index: number, isApart: boolean): Promise<DataRecord> {
  const record = await source.load(index);
  const path = source.originOf(index);
  const { inputs, pair, label } = record;
  checkSame(path, 'label', { found: label !== null, expected: source.hasLabels });
  checkSame(path, '"pair"', { found: pair !== null, expected: isApart });
  for (const [name, tensor] of Object.entries(inputs)) {
    checkFinite(name, tensor, { path, sampleOf: () => index });
  }
  return record;
}

function checkSame(path: string, what: string, { found, expected }: { found: boolean; expected: boolean }): void {
  if (found === expected) return;
  const problem = found ? `it has a ${what}, the first has none` : `it has no ${what}, the first has`;
  throw new DataError('data-malformed', { path, offset: null, problem });
}

function sampleOf({ inputs, expected }: DataRecord, origin: string): Sample {
  return { inputs, expected, origin };
}
