import type { Finding } from '../../errors.ts';
import { saveModel } from '../../onnx/file/save-model.ts';
import { worstOf } from '../../evaluate/verdict-of.ts';
import type { Goal, QuantizedNode, QuantizeResult } from '../../quantize/quantize-result.ts';
import { identifyData } from '../identify-data.ts';
import { comparisonTold, plainFinding, speedupTold } from '../trials/tell.ts';
import { describeNodes } from './describe-nodes.ts';
import { judgeGoals } from './goals.ts';
import type { Outcome } from './outcome.ts';
import { sizeLedger } from './size-ledger.ts';
import type { Work } from './work.ts';

export interface Finishing {
  readonly outcome: Outcome;
  readonly startedMs: number;
  readonly dims: Readonly<Record<string, number>>;
  readonly source: 'data' | 'synthetic' | 'none';
}

/** Judges what was made, writes it when it may be written, and tells all of it. */
export async function finishQuantizing(work: Work, finishing: Finishing): Promise<QuantizeResult> {
  const { context, environment } = work;
  const { outcome, source, startedMs } = finishing;
  const nodes = await nodesOf(work, finishing);
  const judged = judge(work, outcome);
  const { goals, verdict, mayWrite } = judged;
  const output = mayWrite ? await write(work, outcome) : null;
  const warnings = warningsOf(work, { finishing, goals, nodes });
  const { findings, failure, interrupted } = outcome;
  return {
    ...context.envelope,
    kind: 'quantize',
    environment,
    warnings: warnings.map(plainFinding),
    ok: verdict !== 'fail',
    verdict,
    ...sizesOf(work, judged, output),
    output,
    settings: settingsOf(work, finishing),
    goals: [...goals],
    calibration: outcome.calibrated?.told ?? null,
    candidates: [...outcome.candidates],
    coverage: coverageOf(nodes),
    nodes: [...nodes],
    speedup: speedupTold(outcome.measured, work.threads),
    evaluation: comparisonTold(findings, source),
    benchFailure: failure === null ? null : plainFinding(failure),
    interrupted,
    elapsedMs: context.runtime.nowMs() - startedMs,
  };
}

function nodesOf(work: Work, { outcome, dims }: Finishing): Promise<readonly QuantizedNode[]> {
  const { settings, verify } = work.request;
  const statistics = outcome.calibrated?.statistics ?? null;
  return describeNodes(work, { ...outcome, dims, statistics, looks: verify && settings.target === 'cpu' });
}

interface Judged extends ReturnType<typeof sizeLedger> {
  readonly goals: readonly Goal[];
  readonly verdict: QuantizeResult['verdict'];
  readonly mayWrite: boolean;
}

function judge({ request, original, environment }: Work, outcome: Outcome): Judged {
  const sizes = sizeLedger(original.opened.model, outcome, original.sizeBytes);
  const { scheme, target } = request.settings;
  const goals = judgeGoals(request, {
    drop: outcome.findings?.drop ?? null,
    measured: outcome.measured,
    beforeBytes: original.sizeBytes,
    afterBytes: sizes.afterBytes,
    isSlowFloat16: scheme.endsWith('fp16') && target === 'cpu' && environment.os.arch === 'x64',
  });
  const failed = outcome.findings === null && hasFailed(outcome);
  const verdict = failed ? 'fail' : (worstOf(goals.map((goal) => goal.verdict)) ?? 'pass');
  const mayWrite = !outcome.interrupted && !failed && (verdict !== 'fail' || request.goals.acceptWorse);
  return { ...sizes, goals, verdict, mayWrite };
}

function sizesOf({ request, original }: Work, { ledger, afterBytes }: Judged, output: QuantizeResult['output']) {
  const written = output === null ? afterBytes : output.sizeBytes + output.dataBytes;
  return {
    model: { path: request.modelPath, sha256: original.sha256, sizeBytes: original.sizeBytes },
    sizes: [...ledger],
    size: { beforeBytes: original.sizeBytes, afterBytes: written },
  };
}

/** The only candidates there were could not be run. */
function hasFailed({ candidates }: Outcome): boolean {
  return candidates.some(({ chosen, failure }) => chosen && failure !== null);
}

async function write(work: Work, { model }: Outcome): Promise<QuantizeResult['output']> {
  const { request, context, original } = work;
  const { outputPath, externalData, data, seed, settings, modelPath } = request;
  context.onEvent({ kind: 'saving', path: outputPath });
  const { scheme, method, target, calibration, exclude } = settings;
  const made = {
    version: context.envelope.tool.version,
    source: { path: modelPath, sha256: original.sha256 },
    options: { scheme, method, target, calibration, exclude, seed, samples: data.samples },
    data: data.path === null ? null : identifyData([data.path], ''),
    ...(data.path === null && { quality: 'nothing vouches for it: no data were given' }),
  };
  model.setMetadata([
    ...original.opened.model.metadata.filter(({ key }) => key !== metadataKey),
    { key: metadataKey, value: JSON.stringify(made) },
  ]);
  const { path, sizeBytes, dataPath, dataBytes } = await saveModel(model, outputPath, {
    externalData,
    signal: context.signal,
  });
  return { path, sizeBytes, dataPath, dataBytes };
}

const metadataKey = 'infer.quantize';

function settingsOf({ request, reduced, threads }: Work, { dims, outcome }: Finishing): QuantizeResult['settings'] {
  const { settings, provider, seed, data } = request;
  const { scheme, method, target, activations, blockSize, symmetric, algorithm, smooth, exclude } = settings;
  return {
    scheme,
    method,
    target,
    activations,
    perChannel: outcome.weights?.perChannel ?? settings.perChannel,
    reduceRange: outcome.weights?.reduced ?? reduced,
    blockSize,
    symmetric,
    algorithm,
    smooth: typeof smooth === 'number' ? smooth : null,
    exclude: [...exclude],
    threads,
    ep: provider,
    seed,
    samples: data.samples,
    dims: { ...dims },
  };
}

function coverageOf(nodes: readonly QuantizedNode[]): QuantizeResult['coverage'] {
  const quantized = nodes.filter(({ treatment }) => treatment !== 'float');
  const parameters = parametersOf(nodes);
  const isKnown = nodes.every(({ macsShare }) => macsShare !== null);
  const macs = quantized.reduce((sum, { macsShare }) => sum + (macsShare ?? 0), 0);
  return {
    macs: isKnown ? Math.min(1, macs) : null,
    parameters: parameters === 0 ? 0 : parametersOf(quantized) / parameters,
  };
}

function parametersOf(nodes: readonly QuantizedNode[]): number {
  return nodes.reduce((sum, { parameters }) => sum + parameters, 0);
}

interface Telling {
  readonly finishing: Finishing;
  readonly goals: readonly Goal[];
  readonly nodes: readonly QuantizedNode[];
}

function warningsOf({ request, reduced }: Work, { finishing, goals, nodes }: Telling): readonly Finding[] {
  const { outcome, source } = finishing;
  const warnings: Finding[] = [...outcome.warnings, ...(outcome.calibrated?.warnings ?? [])];
  if (source !== 'data') warnings.push({ code: 'quality-unknown', details: { compared: outcome.findings !== null } });
  const { scheme, target } = request.settings;
  if ((outcome.weights?.reduced ?? reduced) && scheme === 'int8' && request.settings.reduceRange === null)
    warnings.push({ code: 'range-reduced', details: {} });
  if (target !== 'cpu') warnings.push({ code: 'target-not-measured', details: { target } });
  const open = goals.flatMap(({ goal, verdict }) => (verdict === 'inconclusive' ? [goal] : []));
  if (open.length > 0) warnings.push({ code: 'undecided', details: { goals: open } });
  const unfused = nodes.flatMap(({ name, fused, treatment }) =>
    fused === false && treatment !== 'weights' ? [name] : [],
  );
  if (unfused.length > 0) warnings.push({ code: 'not-fused', details: { nodes: unfused } });
  return warnings;
}
