import type { QuantizeResult } from '../quantize/quantize-result.ts';
import type { Environment } from '../runtime/environment.ts';
import { checkModelOutput } from './check-model-output.ts';
import type { QuantizeRequest } from './quantize-request.ts';
import { calibratedWeights, settledAlgorithm } from './quantizing/block-weights.ts';
import { calibrate } from './quantizing/calibrate.ts';
import { checkTarget } from './quantizing/check-target.ts';
import { openFeeds } from './trials/feeds.ts';
import { finishQuantizing } from './quantizing/finish.ts';
import { int8Unjudged, isUnjudged } from './quantizing/int8-unjudged.ts';
import { judgeWeights } from './quantizing/judge-weights.ts';
import { prepareModel } from './quantizing/prepare-model.ts';
import type { Outcome } from './quantizing/outcome.ts';
import { quantizeInt8 } from './quantizing/quantize-int8.ts';
import { quantizeTensorrt } from './quantizing/quantize-tensorrt.ts';
import { quantizeWeights } from './quantizing/quantize-weights.ts';
import type { FedWork, QuantizeContext, Work } from './quantizing/work.ts';
import type { OpenedOriginal } from './trials/with-original.ts';
import { withOriginal } from './trials/with-original.ts';
import { checkWritable } from './write-atomically.ts';

export type { QuantizeContext };

/**
 * Makes a model smaller and faster: chooses how by measuring, keeps it close to the original, proves both, and writes it
 * when it reaches its goals. Throws UsageError, ModelError, DataError and RuntimeError; nothing is written then.
 */
export async function quantize(request: QuantizeRequest, context: QuantizeContext): Promise<QuantizeResult> {
  const startedMs = context.runtime.nowMs();
  checkTarget(request.settings);
  checkOutput(request);
  return withOriginal(request, context, (opened) => run({ request, context, ...opened }, startedMs));
}

function checkOutput({ modelPath, outputPath, force, data, calibrationCache, seed }: QuantizeRequest): void {
  const inputs = { shapes: data.shapes, values: data.values, dataPath: data.path, samples: data.samples, seed };
  checkModelOutput({ modelPath, outputPath, force, inputs });
  if (calibrationCache === null) return;
  checkWritable(calibrationCache, [modelPath, outputPath, ...(data.path === null ? [] : [data.path])]);
}

type Run = Pick<Work, 'request' | 'context'> & OpenedOriginal;

async function run(shared: Run, startedMs: number): Promise<QuantizeResult> {
  const { model } = shared.original.opened;
  const { request } = shared;
  const reduced = request.settings.reduceRange ?? saturates(shared.environment, request);
  const prepared = await prepareModel(model, shared);
  const work: Work = { ...shared, ...prepared, prepared: model, reduced };
  if (needsNoRuns(request)) {
    const isInt8 = request.settings.scheme === 'int8';
    const outcome = isInt8 ? int8Unjudged(work) : quantizeWeights(work, { weights: new Map(), calibrated: null });
    return finishQuantizing(work, { outcome, startedMs, dims: request.data.dims, source: 'none' });
  }
  return withFeeds(work, startedMs);
}

/** Without ranges, and nobody looks whether it is good: nothing is run, so that models of any size pass. */
function needsNoRuns(request: QuantizeRequest): boolean {
  const { scheme } = request.settings;
  if (scheme === 'int8') return isUnjudged(request);
  const algorithm = settledAlgorithm({ request });
  const isCalibrated = scheme.startsWith('int4') && (algorithm === 'gptq' || algorithm === 'awq');
  const isRanged = scheme.endsWith('fp16') && request.data.path !== null;
  return !request.verify && !isCalibrated && !isRanged;
}

async function withFeeds(work: Work, startedMs: number): Promise<QuantizeResult> {
  const { request, runner, prepared } = work;
  const reference = await runner.load({ path: request.modelPath }, { name: request.modelPath, optimization: 'all' });
  const feeds = await openFeeds({ request, model: prepared, loaded: reference });
  try {
    const fed: FedWork = { ...work, feeds, reference };
    const outcome = await outcomeOf(fed);
    const warnings = [...feeds.warnings, ...outcome.warnings];
    return await finishQuantizing(work, {
      outcome: { ...outcome, warnings },
      startedMs,
      dims: feeds.dims,
      source: feeds.source,
    });
  } finally {
    await feeds.close();
  }
}

async function outcomeOf(work: FedWork): Promise<Outcome> {
  const { scheme, target } = work.request.settings;
  if (scheme !== 'int8') return judgeWeights(work, await weightsFrom(work));
  return target === 'tensorrt' ? quantizeTensorrt(work) : quantizeInt8(work);
}

async function weightsFrom(work: FedWork) {
  const { scheme } = work.request.settings;
  const weights = scheme.startsWith('int4') ? await calibratedWeights(work) : new Map();
  const calibrated = scheme.endsWith('fp16') && work.feeds.source === 'data' ? await calibrate(work) : null;
  return quantizeWeights(work, { weights, calibrated });
}

/** Products of unsigned and signed bytes saturate in pairs on x64 before VNNI (MlasPlatformU8S8Overflow). */
function saturates({ os, cpu }: Environment, { settings }: QuantizeRequest): boolean {
  const exact = ['avx_vnni', 'avx512_vnni', 'amx_int8'];
  return settings.target === 'cpu' && os.arch === 'x64' && !exact.some((name) => cpu.instructionSets.includes(name));
}
