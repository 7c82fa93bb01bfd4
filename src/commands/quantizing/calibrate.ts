import { existsSync, readFileSync } from 'node:fs';
import type { Statistics, ValueStatistics } from '../../compute/calibration/statistics.ts';
import { DataError, type Finding } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import { inferTypes } from '../../onnx/shape/infer-types.ts';
import { branchValues } from '../../quantize/calibration/branch-values.ts';
import { readCalibrationCache, writeCalibrationCache } from '../../quantize/calibration/calibration-cache.ts';
import { collectInBranches } from '../../quantize/calibration/collect-in-branches.ts';
import type { QuantizeResult } from '../../quantize/quantize-result.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import { identifyData } from '../identify-data.ts';
import { writeAtomically } from '../write-atomically.ts';
import { fallbackNodes } from './fallback-nodes.ts';
import type { FedWork } from './work.ts';

export interface Calibrated {
  readonly statistics: ReadonlyMap<string, ValueStatistics>;
  readonly told: NonNullable<QuantizeResult['calibration']>;
  readonly warnings: readonly Finding[];
}

/** Fewer samples than this say little about ranges. */
const wantedSamples = 32;

/**
 * Ranges of every float32 value of the main graph and of the branches of Ifs, from data, made-up inputs or a cache of an
 * earlier run. A cache that is named and not there is written.
 * @throws DataError `calibration-not-finite`, `calibration-cache-mismatch`, and as the data and the runtime do
 */
export async function calibrate(work: FedWork): Promise<Calibrated> {
  const { request, feeds, context } = work;
  const cached = readCache(work);
  if (cached !== null) return cached;
  const startedMs = context.runtime.nowMs();
  const statistics = await collectInBranches({
    ...editedModels(work),
    model: work.prepared,
    values: floatValues(work.prepared).map((name) => ({ name, channelAxis: null })),
    batches: () => adapted(work, feeds.calibration),
    signal: context.signal,
    onProgress: ({ pass, done, of }) => context.onEvent({ kind: 'calibrating', pass, done, of: of ?? 0 }),
  });
  refuseNotFinite(statistics, request.modelPath);
  const told = {
    source: feeds.source,
    path: request.data.path,
    samples: feeds.calibration.samples,
    values: statistics.values.size,
    method: request.settings.calibration,
    ep: request.provider,
    fallbackNodes: await fallbackNodes(work),
    elapsedMs: context.runtime.nowMs() - startedMs,
  };
  writeCache(work, statistics);
  return { statistics: statistics.values, told, warnings: warningsOf(work, statistics) };
}

function floatValues(model: Model): readonly string[] {
  const types = inferTypes(model);
  const made = [...model.graph.nodes()].flatMap((node) => node.outputs.filter((value) => value !== null));
  const all = [...model.graph.inputs.filter((value) => !value.isInitializer), ...made];
  const floats = all.filter((value) => {
    const type = types.get(value)?.elementType;
    return type === undefined || type === null || type === 'float32';
  });
  return [...floats, ...branchValues(model)].map(({ name }) => name);
}

function refuseNotFinite({ notFinite }: Statistics, path: string): void {
  const [first] = notFinite;
  if (first === undefined) return;
  throw new DataError('calibration-not-finite', { path, value: first.name, sample: first.run });
}

function warningsOf({ feeds, prepared, layers }: FedWork, { neverSeen, values }: Statistics): readonly Finding[] {
  const warnings: Finding[] = [];
  if (feeds.source === 'synthetic') warnings.push({ code: 'synthetic-calibration', details: {} });
  const { samples } = feeds.calibration;
  if (feeds.source === 'data' && samples < wantedSamples)
    warnings.push({ code: 'few-samples', details: { samples, wanted: wantedSamples } });
  // Of branches the layers alone that need ranges: the rest of one that is never taken would drown them.
  const convolutions = layers.filter(({ kind, reason }) => kind === 'convolution' && reason === null);
  const told = [...prepared.graph.nodes(), ...convolutions.map(({ node }) => node)];
  const readers = new Map(told.map((node) => [node.output(0)?.name ?? '', node.name]));
  const unseen = neverSeen.filter((name) => readers.has(name));
  if (unseen.length > 0) {
    const nodes = unseen.map((name) => readers.get(name) ?? name);
    warnings.push({ code: 'never-executed', details: { values: unseen, nodes } });
  }
  const constant = [...values].flatMap(([name, { min, max, elements }]) => (min === max && elements > 1 ? [name] : []));
  if (constant.length > 0) warnings.push({ code: 'constant-activations', details: { values: constant } });
  return warnings;
}

function readCache({ request, original, feeds }: FedWork): Calibrated | null {
  const path = request.calibrationCache;
  if (path === null || !existsSync(path)) return null;
  const reading = readCalibrationCache(readFileSync(path, 'utf8'), { sha256: original.sha256 });
  if (reading.state !== 'read') {
    const problem = {
      malformed: 'it is no calibration cache, or a broken one',
      'too-new': 'a newer version of infer wrote it',
      'other-model': 'it was made for another model',
    }[reading.state];
    throw new DataError('calibration-cache-mismatch', { path, problem });
  }
  const { values, data } = reading.cache;
  const told = {
    source: 'cache' as const,
    path,
    samples: data.samples,
    values: values.size,
    method: request.settings.calibration,
    ep: request.provider,
    fallbackNodes: null,
    elapsedMs: 0,
  };
  const isMadeUp = data.path === '' && feeds.source === 'synthetic';
  return { statistics: values, told, warnings: isMadeUp ? [{ code: 'synthetic-calibration', details: {} }] : [] };
}

function writeCache({ request, original, feeds, context }: FedWork, { values }: Statistics): void {
  const { calibrationCache, data, seed } = request;
  if (calibrationCache === null) return;
  const hash = data.path === null ? '' : identifyData([data.path], '');
  const text = writeCalibrationCache({
    tool: context.envelope.tool,
    model: { sha256: original.sha256 },
    data: { path: data.path ?? '', hash, samples: feeds.calibration.samples, seed },
    values,
  });
  writeAtomically(calibrationCache, text);
}
