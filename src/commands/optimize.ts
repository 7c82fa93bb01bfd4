import { setImmediate } from 'node:timers/promises';
import type { Tolerance } from '../compute/compare-outputs.ts';
import { checkGraph } from '../onnx/check.ts';
import type { OpenedModel } from '../onnx/file/open-model.ts';
import { openModel } from '../onnx/file/open-model.ts';
import { saveModel } from '../onnx/file/save-model.ts';
import type { FreedAxis } from '../optimize/freed-axes.ts';
import { declaredShapes, freedAxes } from '../optimize/freed-axes.ts';
import { graphFigures } from '../optimize/graph-figures.ts';
import type { OptimizeSettings } from '../optimize/optimize-model.ts';
import { optimizeModel } from '../optimize/optimize-model.ts';
import type { OptimizeResult } from '../optimize/optimize-result.ts';
import type { PassesRun } from '../optimize/run-passes.ts';
import type { ModelRunner } from '../runtime/model-runner.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { benchPair, untimed } from './bench-pair.ts';
import type { PairTiming } from './bench-pair.ts';
import { bindDims } from './bind-dims.ts';
import { checkModelOutput } from './check-model-output.ts';
import type { Compared } from './compare-with-original.ts';
import { compareWithOriginal } from './compare-with-original.ts';
import type { ComparedInputs } from './compared-inputs.ts';
import type { Envelope } from './envelope.ts';
import { fileMacs, modelMacs } from './model-macs.ts';
import type { OptimizeEvent } from './optimize-event.ts';
import { withoutPassError } from './without-pass-error.ts';
import { isReplaceable } from './write-atomically.ts';

export interface OptimizeRequest {
  readonly modelPath: string;
  readonly outputPath: string;
  /** Overwrite an existing output. */
  readonly force: boolean;
  /** Write the model even when its outputs differ. */
  readonly acceptWorse: boolean;
  readonly rewrite: Omit<OptimizeSettings, 'path'>;
  readonly externalData: 'auto' | 'external' | 'inline';
  readonly verify: boolean;
  readonly inputs: ComparedInputs;
  /** As `verifyEquivalent` reads it: the absolute part is of an output's largest element. */
  readonly tolerance: Tolerance;
  /** Null: latency is not measured. `threads` null: as many as there are usable cores. */
  readonly bench: { readonly threads: number | null; readonly budgetMs: number } | null;
  readonly timeoutMs: number;
}

export interface OptimizeContext {
  readonly runtime: Runtime;
  readonly envelope: Envelope;
  readonly signal: AbortSignal;
  readonly onEvent: (event: OptimizeEvent) => void;
}

/**
 * Cleans a model up, proves that it still computes the same, and writes it. A model whose outputs differ is not
 * written: the result says so. Throws UsageError, ModelError, DataError and RuntimeError; nothing is written then.
 */
export async function optimize(request: OptimizeRequest, context: OptimizeContext): Promise<OptimizeResult> {
  const startedMs = context.runtime.nowMs();
  checkModelOutput(request);
  const opened = openModel(request.modelPath);
  const runner = await context.runtime.openRunner({ threads: 1, timeoutMs: request.timeoutMs }, context.signal);
  try {
    return await rewrite({ request, context, opened, runner, startedMs });
  } finally {
    await runner.close();
    opened.close();
  }
}

interface Run {
  readonly request: OptimizeRequest;
  readonly context: OptimizeContext;
  readonly opened: OpenedModel;
  readonly runner: ModelRunner;
  readonly startedMs: number;
}

async function rewrite(run: Run): Promise<OptimizeResult> {
  const { request, context, opened, startedMs } = run;
  const { model } = opened;
  const before = graphFigures(model, null);
  const bound = bindDims(model, request.rewrite.dims);
  const shapes = declaredShapes(model.graph);
  const { passes, rounds } = await runPasses(run);
  const freed = freedAxes(shapes, model.graph);
  const { verification, dims, warnings } = await verified(run, { dims: bound, freed });
  const ok = verification.status !== 'different';
  const output = ok || request.acceptWorse ? await save(run) : null;
  const timing = output === null || request.bench === null ? untimed : await measured(run, { dims, freed });
  return {
    ...context.envelope,
    kind: 'optimize',
    environment: await context.runtime.environment(),
    ...timing,
    warnings: [...warnings, ...timing.warnings].map(({ code, details }) => ({ code, details: { ...details } })),
    ok,
    model: { path: request.modelPath, sizeBytes: opened.sizeBytes, externalBytes: externalBytes(opened) },
    output,
    before: { ...before, macs: fileMacs(request.modelPath, dims) },
    after: graphFigures(model, modelMacs(model, { ...lengthsOf(freed), ...dims })),
    dims: { ...dims },
    passes: [...passes],
    rounds,
    verification,
    elapsedMs: context.runtime.nowMs() - startedMs,
  };
}

async function runPasses({ request, context, opened, runner }: Run): Promise<PassesRun> {
  const settings = { ...request.rewrite, path: request.modelPath };
  const onPass = async (pass: string, nodes: number) => {
    context.onEvent({ kind: 'pass', pass, nodes });
    // Passes leave no time for anything else: Ctrl-C would not be heard.
    await setImmediate();
    context.signal.throwIfAborted();
  };
  const run = await withoutPassError(() => optimizeModel(opened.model, settings, { runner, onPass }));
  checkGraph(opened.model);
  context.signal.throwIfAborted();
  return run;
}

/** What both models are fed: lengths of symbolic dimensions, and the axes that have a length in the original alone. */
interface Feeding {
  readonly dims: Readonly<Record<string, number>>;
  readonly freed: ReadonlyMap<string, FreedAxis>;
}

function lengthsOf(freed: Feeding['freed']): Readonly<Record<string, number>> {
  return Object.fromEntries([...freed.values()].map(({ dimension, length }) => [dimension, length]));
}

async function verified({ request, context, opened, runner }: Run, { dims, freed }: Feeding): Promise<Compared> {
  if (!request.verify) return { verification: { status: 'skipped' }, dims, warnings: [] };
  context.onEvent({ kind: 'verifying' });
  return compareWithOriginal({
    originalPath: request.modelPath,
    rewritten: opened.model,
    dims,
    sampleAxes: new Map([...freed].map(([name, { axis }]) => [name, axis])),
    inputs: request.inputs,
    tolerance: request.tolerance,
    runner,
  });
}

async function save({ request, context, opened }: Run): Promise<NonNullable<OptimizeResult['output']>> {
  context.onEvent({ kind: 'saving', path: request.outputPath });
  const { externalData, outputPath } = request;
  const saved = await saveModel(opened.model, outputPath, { externalData, signal: context.signal });
  return { ...saved, externalBytes: isReplaceable(outputPath) ? dataBytesOf(outputPath) : saved.dataBytes };
}

function dataBytesOf(path: string): number {
  const opened = openModel(path);
  opened.close();
  return externalBytes(opened);
}

function measured({ request, context }: Run, { dims, freed }: Feeding): Promise<PairTiming> {
  const { modelPath, outputPath, inputs, timeoutMs, rewrite: asked } = request;
  return benchPair({
    base: modelPath,
    head: outputPath,
    // Data have lengths of their own, which may differ from sample to sample.
    dims: { ...lengthsOf(freed), ...(inputs.dataPath === null ? dims : asked.dims) },
    inputs,
    threads: request.bench?.threads ?? null,
    budgetMs: request.bench?.budgetMs ?? 0,
    timeoutMs,
    context,
  });
}

function externalBytes({ externalFiles }: OpenedModel): number {
  return externalFiles.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
