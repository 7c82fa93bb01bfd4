import { readFileSync } from 'node:fs';
import type { DistillResult } from '../../distill/distill-result.ts';
import { openModel } from '../../onnx/file/open-model.ts';
import { readModelBytes } from '../../onnx/file/read-model.ts';
import { scratchFile } from '../../onnx/file/scratch-file.ts';
import type { Model } from '../../onnx/model.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import type { DistillRequest } from '../distill.ts';
import { distill } from '../distill.ts';
import { distillSettings } from './distill-settings.ts';
import { parametersOf } from './figures.ts';
import type { PruneWork } from './work.ts';

/** A pruned model that was trained to do as the original does. */
export interface ContinuedModel {
  readonly path: string;
  /** What is in the file; can be saved once that is gone. */
  readonly model: Model;
  readonly findings: DistillResult;
  /** Removes the file. */
  dispose(): void;
}

/**
 * Trains a pruned model on the data that it was pruned by, with the original as its teacher. Samples that it will be
 * judged on are not trained on: they come last in an order that distilling shares. Null where
 * training brings nothing, or was interrupted. Throws as `distill` does.
 */
export async function continueByDistilling(work: PruneWork, candidatePath: string): Promise<ContinuedModel | null> {
  const { dataPath, ...request } = requestOf(work, candidatePath);
  if (dataPath === null) return null;
  const { runtime, envelope, signal, onEvent } = work.context;
  const file = scratchFile(thisWorkplace(), 'distilled.onnx');
  try {
    const findings = await distill(
      { ...request, dataPath, outputPath: file.path },
      {
        runtime,
        envelope,
        signal,
        onEvent: (event) => {
          if (event.kind !== 'saving') onEvent({ kind: 'distilling', event });
        },
      },
    );
    const { output } = findings;
    const dispose = () => {
      if (output?.dataPath === null) file.dispose();
    };
    if (output !== null) return { path: output.path, model: readBack(output), findings, dispose };
  } catch (error) {
    file.dispose();
    throw error;
  }
  file.dispose();
  return null;
}

type Request = Omit<DistillRequest, 'dataPath' | 'outputPath'> & { readonly dataPath: string | null };

function requestOf({ request, threads, feeds, prepared }: PruneWork, studentPath: string): Request {
  const { modelPath, data, provider, strictProvider, timeoutMs, settings, seed } = request;
  const { shapes, values, preprocess, tokenizer } = data;
  return {
    teacherPath: modelPath,
    studentPath,
    dataPath: data.path,
    force: true,
    acceptWorse: false,
    settings: distillSettings({
      samples: feeds.trainingSamples,
      weights: parametersOf(prepared),
      epochs: settings.distillEpochs,
      seed,
    }),
    inputs: { dims: feeds.dims, shapes, values },
    preprocess,
    tokenizer,
    resume: 'new',
    keepCheckpoint: false,
    provider,
    strictProvider,
    threads,
    timeoutMs,
  };
}

/** In memory, so that the file may go. One that has a data file is too large for that: it stays until the process ends. */
function readBack({ path, dataPath }: Output): Model {
  return dataPath === null ? readModelBytes(readFileSync(path), path) : openModel(path).model;
}

type Output = NonNullable<DistillResult['output']>;
