import { openDataset } from '../data/open-dataset.ts';
import type { Preprocess } from '../data/preprocess.ts';
import { distill as distillModels } from '../distill/distill.ts';
import type { Distilled } from '../distill/distill.ts';
import type { DistillEvent } from '../distill/distill-event.ts';
import type { DistillOptions, InputSettings } from '../distill/distill-options.ts';
import type { DistillResult } from '../distill/distill-result.ts';
import type { DistillSettings } from '../distill/distill-settings.ts';
import { writeWeights } from '../distill/trained-model.ts';
import type { GivenModel } from '../distill/training-end.ts';
import type { OpenedModel } from '../onnx/file/open-model.ts';
import { openModel } from '../onnx/file/open-model.ts';
import { writeRunnable } from '../onnx/file/runnable-model.ts';
import { saveModel } from '../onnx/file/save-model.ts';
import type { ModelRunner } from '../runtime/model-runner.ts';
import type { ProviderName } from '../runtime/provider.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { thisWorkplace } from '../runtime/workplace.ts';
import { availableMemory } from './available-memory.ts';
import { checkModelOutput } from './check-model-output.ts';
import { fileCheckpoint } from './distill-checkpoint.ts';
import { distillNote } from './distill-note.ts';
import type { Envelope } from './envelope.ts';
import { identifyData } from './identify-data.ts';
import { identifyModel } from './identify-model.ts';
import { refuseMiscomputed } from './miscomputed.ts';
import { requireProvider } from './require-provider.ts';
import { withInputHint } from './with-input-hint.ts';
import { checkWritable } from './write-atomically.ts';

export interface DistillRequest {
  readonly teacherPath: string;
  readonly studentPath: string;
  readonly dataPath: string;
  readonly outputPath: string;
  /** Overwrite an existing output. */
  readonly force: boolean;
  /** Write the student even when it is no better than before. */
  readonly acceptWorse: boolean;
  readonly settings: DistillSettings;
  readonly inputs: InputSettings;
  readonly preprocess: Preprocess | null;
  /** Path of a tokenizer.json. */
  readonly tokenizer: string | null;
  readonly resume: DistillOptions['resume'];
  /** Leave the checkpoint where it is when all is done. */
  readonly keepCheckpoint: boolean;
  readonly provider: ProviderName;
  readonly strictProvider: boolean;
  /** Null for as many as there are usable cores. */
  readonly threads: number | null;
  readonly timeoutMs: number;
}

export interface DistillContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: DistillEvent | { readonly kind: 'saving'; readonly path: string }) => void;
}

/**
 * Trains a student to do as its teacher does and writes it when it is better on samples that were held out. Throws
 * UsageError, ModelError, DataError and RuntimeError; nothing but checkpoints is written then.
 */
export async function distill(request: DistillRequest, context: DistillContext): Promise<DistillResult> {
  const { runtime, signal } = context;
  const { teacherPath, studentPath, provider, strictProvider, timeoutMs } = request;
  checkOutput(request);
  const teacher = openModel(teacherPath);
  try {
    const student = openModel(studentPath);
    try {
      refuseMiscomputed(teacher.model, { path: teacherPath, ep: provider });
      refuseMiscomputed(student.model, { path: studentPath, ep: provider });
      await requireProvider(provider, runtime);
      const environment = await runtime.environment();
      const threads = request.threads ?? environment.cpu.usableCores;
      const runner = await runtime.openRunner({ threads, provider, strictProvider, timeoutMs }, signal);
      try {
        return await run({ request, context, teacher, student, runner, environment, threads });
      } finally {
        await runner.close();
      }
    } finally {
      student.close();
    }
  } finally {
    teacher.close();
  }
}

function checkOutput(request: DistillRequest): void {
  const { teacherPath, studentPath, dataPath, outputPath, force, inputs } = request;
  const compared = { ...inputs, dataPath, samples: null, seed: 0 };
  checkModelOutput({ modelPath: studentPath, outputPath, force, inputs: compared });
  checkWritable(outputPath, [teacherPath]);
  checkWritable(fileCheckpoint(outputPath, thisWorkplace()).path, [teacherPath, studentPath, ...filesOf(request)]);
}

interface Run {
  readonly request: DistillRequest;
  readonly context: DistillContext;
  readonly teacher: OpenedModel;
  readonly student: OpenedModel;
  readonly runner: ModelRunner;
  readonly environment: DistillResult['environment'];
  readonly threads: number;
}

async function run(all: Run): Promise<DistillResult> {
  const { request, context, environment, threads } = all;
  const startedMs = context.runtime.nowMs();
  const [teacher, student] = [await identity(all.teacher), await identity(all.student)];
  const store = fileCheckpoint(request.outputPath, thisWorkplace());
  const distilled = await distillModels({
    ...optionsOf(all),
    teacher: { ...all.teacher, sha256: teacher.sha256 },
    student: { ...all.student, sha256: student.sha256 },
    store,
  });
  const { findings } = distilled;
  const output = await saveStudent(all, distilled, { teacher, student });
  const isDone = output !== null && findings.end !== 'diverged';
  if (isDone && !request.keepCheckpoint) await store.remove();
  return {
    ...context.envelope,
    kind: 'distill',
    environment,
    ...findings,
    teacher,
    student,
    ep: request.provider,
    threads,
    output,
    checkpoint: findings.epochs.length > 0 && !(isDone && !request.keepCheckpoint) ? store.path : null,
    elapsedMs: context.runtime.nowMs() - startedMs,
  };
}

function optionsOf({ request, context, runner, environment }: Run): Omit<DistillOptions, keyof GivenModels | 'store'> {
  const { settings, inputs, resume, dataPath, preprocess, tokenizer } = request;
  const { runtime, signal, onEvent } = context;
  const workplace = thisWorkplace();
  return {
    settings,
    inputs,
    resume,
    openData: ({ signature, batchAxis }) => {
      const given = new Set(Object.keys(inputs.values));
      return withInputHint(signature.inputs, () =>
        openDataset(dataPath, { ...signature, batchAxis, given, preprocess, tokenizer, workplace }),
      );
    },
    identifyData: () => identifyData(filesOf(request), JSON.stringify(preprocess)),
    place: { runner, write: (model) => writeRunnable(model, { workplace, near: null }) },
    availableBytes: availableMemory(environment.memory),
    nowMs: () => runtime.nowMs(),
    signal,
    onEvent,
  };
}

/** What samples are made of. */
function filesOf({ dataPath, tokenizer, inputs }: DistillRequest): readonly string[] {
  const values = Object.values(inputs.values).flatMap((value) => (value.kind === 'file' ? [value.path] : []));
  return [dataPath, ...(tokenizer === null ? [] : [tokenizer]), ...values];
}

interface GivenModels {
  readonly teacher: GivenModel;
  readonly student: GivenModel;
}

async function identity({ path }: OpenedModel): Promise<DistillResult['student']> {
  const { sha256, sizeBytes } = await identifyModel(path);
  return { path, sha256, sizeBytes };
}

/** Writes the student into a copy of its file, unless it is no better or the training was interrupted. */
async function saveStudent(
  { request, context, student }: Run,
  { findings, weights }: Distilled,
  models: Pick<DistillResult, 'teacher' | 'student'>,
): Promise<DistillResult['output']> {
  const isWanted = findings.better || request.acceptWorse;
  if (weights === null || !isWanted || findings.end === 'interrupted') return null;
  const { outputPath } = request;
  context.onEvent({ kind: 'saving', path: outputPath });
  writeWeights(student.model, weights, distillNote(findings, { ...models, tool: context.envelope.tool }));
  return { ...(await saveModel(student.model, outputPath, { signal: context.signal, workplace: thisWorkplace() })) };
}
