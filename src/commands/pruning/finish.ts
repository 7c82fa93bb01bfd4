import type { Finding } from '../../errors.ts';
import { worstOf } from '../../evaluate/verdict-of.ts';
import { saveModel } from '../../onnx/file/save-model.ts';
import type { PruneGoal, PruneResult } from '../../prune/prune-result.ts';
import { pruneKindOf } from '../../prune/prune-settings.ts';
import { identifyData } from '../identify-data.ts';
import { comparisonTold, plainFinding, speedupTold } from '../trials/tell.ts';
import { figuresOf } from './figures.ts';
import { judgeGoals } from './prune-goals.ts';
import type { PruneOutcome } from './outcome.ts';
import type { PruneWork } from './work.ts';

/** Judges what was made, writes it when it may be written, and tells all of it. */
export async function finishPruning(work: PruneWork, outcome: PruneOutcome, startedMs: number): Promise<PruneResult> {
  const { context, environment, request, original } = work;
  const figures = figuresOf(work, outcome);
  const { goals, verdict, mayWrite } = judge(work, outcome, figures);
  const output = mayWrite ? await write(work, outcome, figures) : null;
  const { findings, measured, benchFailure, warnings, interrupted } = outcome;
  return {
    ...context.envelope,
    kind: 'prune',
    environment,
    warnings: [...warnings, ...warningsOf(work, outcome, goals)].map(plainFinding),
    ok: verdict !== 'fail',
    verdict,
    model: { path: request.modelPath, sha256: original.sha256, sizeBytes: original.sizeBytes },
    output,
    settings: settingsOf(work),
    goals: [...goals],
    ...toldOf(outcome),
    before: figures.before,
    after: output === null ? figures.after : { ...figures.after, sizeBytes: output.sizeBytes + output.dataBytes },
    speedup: speedupTold(measured, work.threads),
    evaluation: comparisonTold(findings, work.feeds.source),
    benchFailure: benchFailure === null ? null : plainFinding(benchFailure),
    interrupted,
    elapsedMs: context.runtime.nowMs() - startedMs,
  };
}

function toldOf(outcome: PruneOutcome) {
  const { groups, unlockedMacs, blocks, sparseLayers, sensitivity, repairs, candidates, maskError } = outcome;
  return { groups, unlockedMacs, blocks, sparseLayers, sensitivity, repairs, candidates, maskError };
}

type Figures = Pick<PruneResult, 'before' | 'after'>;

function judge({ request }: PruneWork, outcome: PruneOutcome, { before, after }: Figures) {
  const goals = judgeGoals(request, {
    drop: outcome.findings?.drop ?? null,
    measured: outcome.measured,
    beforeBytes: before.sizeBytes,
    afterBytes: after.sizeBytes,
    macs: before.macs === null || after.macs === null ? null : after.macs / before.macs,
    download:
      before.gzipBytes === null || after.gzipBytes === null
        ? null
        : { beforeBytes: before.gzipBytes, afterBytes: after.gzipBytes },
  });
  const failed = outcome.failure !== null;
  const verdict = failed ? 'fail' : (worstOf(goals.map((goal) => goal.verdict)) ?? 'pass');
  const mayWrite = !outcome.interrupted && !failed && (verdict !== 'fail' || request.goals.acceptWorse);
  return { goals, verdict, mayWrite } as const;
}

async function write(work: PruneWork, { model }: PruneOutcome, figures: Figures): Promise<PruneResult['output']> {
  const { request, context, original } = work;
  const { outputPath, externalData, data, modelPath } = request;
  context.onEvent({ kind: 'saving', path: outputPath });
  const settings = settingsOf(work);
  const options = Object.fromEntries(toldSettings.map((name) => [name, settings[name]]));
  const made = {
    version: context.envelope.tool.version,
    source: { path: modelPath, sha256: original.sha256 },
    options,
    data: data.path === null ? null : identifyData([data.path], ''),
    kept: { parameters: figures.after.parameters / figures.before.parameters },
    ...(request.settings.sparsity !== null && { label: sizeOnly }),
    ...(data.path === null && { quality: 'nothing vouches for it: no data were given' }),
  };
  model.setMetadata([
    ...original.opened.model.metadata.filter(({ key }) => key !== metadataKey),
    { key: metadataKey, value: JSON.stringify(made) },
  ]);
  const { signal } = context;
  const { path, sizeBytes, dataPath, dataBytes } = await saveModel(model, outputPath, { externalData, signal });
  return { path, sizeBytes, dataPath, dataBytes };
}

const metadataKey = 'infer.prune';

/** What the metadata say of how it was made: not where and for how long. */
const toldSettings = [
  ...(['kind', 'channels', 'heads', 'width', 'layers', 'sparsity', 'global', 'score', 'sparsityScore'] as const),
  ...(['roundTo', 'reconstruct', 'steps', 'distillEpochs', 'exclude', 'seed', 'samples'] as const),
];

const sizeOnly = 'download size only; onnxruntime runs it at dense speed; 2:4 speeds up only under TensorRT';

function settingsOf({ request, threads, dims }: PruneWork): PruneResult['settings'] {
  const { settings, provider, seed, data } = request;
  const { sparsity, exclude, ...rest } = settings;
  return {
    ...rest,
    kind: pruneKindOf(settings),
    sparsity: sparsity === null ? null : 'ratio' in sparsity ? `${sparsity.ratio}` : `${sparsity.keep}:${sparsity.of}`,
    exclude: [...exclude],
    threads,
    ep: provider,
    seed,
    samples: data.samples,
    dims: { ...dims },
  };
}

/** Fewer samples than this say little about what to refit. */
const wantedSamples = 32;

function warningsOf({ request, feeds }: PruneWork, { findings }: PruneOutcome, goals: readonly PruneGoal[]) {
  const warnings: Finding[] = [];
  const { sparsity, layers, reconstruct } = request.settings;
  const { samples } = feeds.calibration;
  if (feeds.source !== 'data') warnings.push({ code: 'quality-unknown', details: { compared: findings !== null } });
  else if (samples < wantedSamples) warnings.push({ code: 'few-samples', details: { samples, wanted: wantedSamples } });
  const isRefittable = sparsity === null && layers === null && reconstruct;
  if (feeds.source !== 'data' && isRefittable) warnings.push({ code: 'not-reconstructed', details: {} });
  if (sparsity !== null) {
    const pattern = 'ratio' in sparsity ? null : `${sparsity.keep}:${sparsity.of}`;
    warnings.push({ code: 'size-only', details: { pattern } });
  }
  const open = goals.flatMap(({ goal, verdict }) => (verdict === 'inconclusive' ? [goal] : []));
  if (open.length > 0) warnings.push({ code: 'undecided', details: { goals: open } });
  return warnings;
}
