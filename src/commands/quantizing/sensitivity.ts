import { openTrials } from '../../compute/quantization-trials/open-trials.ts';
import type { SiteSetting, TrialSite } from '../../compute/quantization-trials/trial-site.ts';
import { InferError } from '../../errors.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { straighten } from '../../quantize/calibration/straighten.ts';
import { dequantizeWeight, quantizeWeight } from '../../quantize/numeric/quantize-weight.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import { nodesByKey } from '../../quantize/rewrite/node-key.ts';
import { floatConstant } from '../../quantize/rewrite/weights.ts';
import { editedModels } from '../trials/model-feeding.ts';
import { feedsOf, noiseOf, trialSamples } from '../trials/trial-noise.ts';
import type { FedWork } from './work.ts';

/** Noise that quantizing one node alone adds to the model's outputs: squared error over squared output, by key. */
export type Sensitivity = ReadonlyMap<string, number>;

/** Larger models would take too long, or too much memory. */
const mostNodes = 400;
const mostWeights = 60e6;
/** Nodes that are not reached by then are not ranked. */
const mostMs = 20_000;

/**
 * Quantizes one node of a plan at a time, all in one loaded model, and looks at the outputs. Empty where a model is too
 * large for that or does not take it: what it tells is a ranking, never a verdict.
 */
export async function sensitivityOf(work: FedWork, plan: CandidatePlan, build: BuildOptions): Promise<Sensitivity> {
  const { context } = work;
  const model = straighten(work.prepared, (value) => build.parametersOf(value) !== null);
  const nodes = nodesByKey(model);
  const sites = [...plan.treatments].flatMap(([key, treatment]) => {
    const node = nodes.get(key);
    return node === undefined || (treatment !== 'static' && treatment !== 'dynamic')
      ? []
      : [sitesOf(node, { key, treatment, build })];
  });
  const weights = sites
    .flat()
    .reduce((sum, { site }) => sum + (site.kind === 'weight' ? site.replacement.elementCount : 0), 0);
  if (sites.length === 0 || sites.length > mostNodes || weights > mostWeights) return new Map();
  try {
    return await noiseOfSites(work, model, sites);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof InferError)) throw error;
    return new Map();
  }
}

async function noiseOfSites(
  work: FedWork,
  model: Model,
  sites: readonly (readonly NodeSite[])[],
): Promise<Sensitivity> {
  const { context } = work;
  const all = sites.flat().map(({ site }) => site);
  const trials = await openTrials(model, all, editedModels(work));
  try {
    const feeds = await feedsOf(work, work.feeds.part(trialSamples));
    const noise = new Map<string, number>();
    const run = async (active: ReadonlyMap<string, SiteSetting>) => {
      const outputs: NamedTensors[] = [];
      for (const each of feeds) outputs.push(await trials.run(each, active));
      return outputs;
    };
    const plain = await run(new Map());
    const endMs = context.runtime.nowMs() + mostMs;
    for (const [i, own] of sites.entries()) {
      if (context.runtime.nowMs() > endMs) break;
      context.signal.throwIfAborted();
      context.onEvent({ kind: 'sensitivity', done: i, of: sites.length });
      const tried = await run(new Map(own.map(({ site, setting }) => [site.key, setting])));
      noise.set(own[0]?.node ?? '', noiseOf(plain, tried));
    }
    return noise;
  } finally {
    await trials.release();
  }
}

interface NodeSite {
  readonly node: string;
  readonly site: TrialSite;
  readonly setting: SiteSetting;
}

interface SiteOptions {
  readonly key: string;
  readonly treatment: 'static' | 'dynamic';
  readonly build: BuildOptions;
}

function sitesOf(node: Node, { key, treatment, build }: SiteOptions): readonly NodeSite[] {
  const value = node.input(0);
  const weight = node.is('Conv', 'MatMul', 'Gemm') ? node.input(1) : null;
  const users = [node.name === '' ? key : node.name];
  const sites: NodeSite[] = [];
  const parameters = value === null ? null : build.parametersOf(value.name);
  if (value !== null && constantOf(value) === null) {
    const shared = { key: `${key} activation`, value: value.name, users };
    if (treatment === 'dynamic') sites.push({ node: key, site: { ...shared, kind: 'dynamic' }, setting: true });
    else if (parameters !== null && (parameters.type === 'uint8' || parameters.type === 'int8'))
      sites.push({ node: key, site: { ...shared, kind: 'activation', type: parameters.type }, setting: parameters });
  }
  const constant = weight?.isInitializer === true ? floatConstant(weight) : null;
  if (weight !== null && constant !== null) {
    const isRow = node.is('Conv') || (node.is('Gemm') && node.int('transB', 0) !== 0);
    const rule = treatment === 'dynamic' ? (build.dynamic ?? build) : build;
    const axis = rule.perChannel ? (isRow ? 0 : 1) : null;
    const quantized = quantizeWeight(constant, { type: 'int8', axis, reduced: rule.reduced });
    const data = dequantizeWeight(quantized);
    const replacement = Tensor.fromDense({ type: 'float32', dims: constant.dims, data });
    sites.push({
      node: key,
      site: { kind: 'weight', key: `${key} weight`, value: weight.name, users, replacement },
      setting: true,
    });
  }
  return sites;
}
