import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PruneRequest } from '../../../src/commands/prune-request.ts';
import type { PruneEvent } from '../../../src/commands/prune-event.ts';
import type { PruneWork } from '../../../src/commands/pruning/work.ts';
import { openFeeds } from '../../../src/commands/trials/feeds.ts';
import { writeNpz } from '../../../src/data/write-npz.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import { environment } from '../../report/fixture-bench-result.ts';
import { OptimizingRuntime } from '../optimizing.ts';

export interface WorkOptions {
  readonly folder: string;
  readonly model: Model;
  readonly data: NamedTensors;
  /** Those that calibrate. */
  readonly samples: number;
  readonly epochs?: number;
}

/** What `prune` hands its steps, around a small model and data that are written to a folder. Runs in this process. */
export async function pruningWork({ folder, model, data, samples, epochs = 1 }: WorkOptions) {
  const request = requestFor({ folder, samples, epochs });
  const { modelPath } = request;
  const bytes = encodeModel(model);
  writeFileSync(modelPath, bytes);
  await writeNpz(request.data.path ?? '', data);
  const runner = inProcessRunner();
  const reference = await runner.load({ path: modelPath }, { optimization: 'all' });
  const feeds = await openFeeds({ request, model, loaded: reference });
  const opened = openModel(modelPath);
  const events: PruneEvent[] = [];
  const work: PruneWork = {
    request,
    context: {
      runtime: new OptimizingRuntime(),
      envelope: { schemaVersion: 1, tool: { name: 'infer', version: '0' }, createdAt: '', command: [] },
      signal: new AbortController().signal,
      onEvent: (event) => void events.push(event),
    },
    environment,
    threads: 1,
    runner,
    feeds,
    reference,
    original: { opened, sha256: '', sizeBytes: bytes.length },
    prepared: model,
    dims: feeds.dims,
    maxDrop: null,
  };
  const close = async () => {
    opened.close();
    await feeds.close();
  };
  return { work, events, close };
}

function requestFor({
  folder,
  samples,
  epochs,
}: Pick<WorkOptions, 'folder' | 'samples'> & { epochs: number }): PruneRequest {
  return {
    modelPath: join(folder, 'model.onnx'),
    outputPath: join(folder, 'pruned.onnx'),
    force: false,
    externalData: 'auto',
    settings: {
      channels: 0.5,
      heads: null,
      width: null,
      layers: null,
      sparsity: null,
      global: false,
      score: 'taylor',
      sparsityScore: 'auto',
      roundTo: 1,
      reconstruct: true,
      steps: 1,
      distillEpochs: epochs,
      exclude: [],
    },
    data: {
      path: join(folder, 'data.npz'),
      samples,
      batch: null,
      batchDimension: undefined,
      dims: {},
      shapes: {},
      values: {},
      preprocess: null,
      pairs: null,
      tokenizer: null,
    },
    task: { name: null, outputName: null, metrics: null, topK: 5, blank: 0, vocabulary: null, context: null },
    goals: { maxDrop: null, targetLatency: null, targetSize: null, targetMacs: null, acceptWorse: false },
    provider: 'cpu',
    strictProvider: false,
    threads: 1,
    verify: true,
    budgetMs: null,
    seed: 5,
    timeoutMs: 60_000,
  };
}
