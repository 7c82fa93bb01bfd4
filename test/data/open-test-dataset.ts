import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { findBatchAxis } from '../../src/data/batch-axis.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import type { DatasetOptions } from '../../src/data/dataset-options.ts';
import { openDataset } from '../../src/data/open-dataset.ts';
import { InferError } from '../../src/errors.ts';
import type { Workplace } from '../../src/onnx/file/workplace.ts';

/** A workplace in a folder of the test's own. */
export function testWorkplace(): Workplace {
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'infer-work-'));
  onTestFinished(() => rmSync(temporaryFolder, { recursive: true, force: true }));
  return { owner: 'test-1', isGone: () => false, temporaryFolder, onExit: () => () => undefined };
}

export type Opening = Pick<DatasetOptions, 'inputs'> & Partial<DatasetOptions>;

/** Opens a dataset that closes with the test. */
export async function openTestDataset(path: string, options: Opening): Promise<Dataset> {
  const dataset = await openDataset(path, {
    outputs: [],
    batchAxis: findBatchAxis(options.inputs),
    given: new Set(),
    preprocess: null,
    tokenizer: null,
    workplace: testWorkplace(),
    ...options,
  });
  onTestFinished(() => dataset.close());
  return dataset;
}

/** The error that `work` ends with; any other than ours, or none, fails the test. */
export async function errorOf(work: Promise<unknown>): Promise<InferError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof InferError) return error;
    throw error;
  }
  return expect.fail('nothing was thrown');
}
