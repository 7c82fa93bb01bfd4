import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createRuntime } from '../../src/commands/create-runtime.ts';
import { envelopeOf } from '../../src/commands/envelope.ts';
import type { ProfileContext, ProfileRequest } from '../../src/commands/profile.ts';
import { profile } from '../../src/commands/profile.ts';
import { parseInputValue } from '../../src/data/input-value.ts';
import type { ProfileResult } from '../../src/profile/profile-result.ts';
import { profileResultSchema } from '../../src/profile/profile-result.ts';
import type { ProviderStatus } from '../../src/runtime/provider.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import { npmModels } from '../compute/npm-models.ts';

const cnn = 'fixtures/digits/cnn.onnx';
const inputs: ProfileRequest['inputs'] = { shapes: {}, values: {}, batchDimension: undefined };

const request = (sketch: Partial<ProfileRequest>): ProfileRequest => ({
  modelPath: cnn,
  provider: 'cpu',
  compare: null,
  threads: 1,
  dims: {},
  batch: null,
  inputs,
  dataPath: null,
  runs: 10,
  rounds: 1,
  budgetMs: 1000,
  seed: 0,
  optimization: 'all',
  strictProvider: false,
  timeoutMs: 60_000,
  roofs: false,
  ...sketch,
});

function run(sketch: Partial<ProfileRequest> = {}, context: Partial<ProfileContext> = {}): Promise<ProfileResult> {
  const envelope = envelopeOf({ version: '0', argv: [], now: new Date(0) });
  const rest = { runtime: createRuntime(), envelope, roofStore: null, signal: new AbortController().signal };
  return profile(request(sketch), { ...rest, onEvent: () => undefined, ...context });
}

/** What must hold of every profile, by what it says itself. */
function check({ kernels, nodes, latencyMs, coverage, typicalRun, operators }: ProfileResult): void {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  expect(sum(kernels.map(({ share }) => share.value))).toBeCloseTo(1);
  expect(sum(kernels.map(({ timeMs }) => timeMs.value))).toBeCloseTo(latencyMs.value);
  expect(sum(operators.map(({ count }) => count))).toBe(kernels.length);
  expect(coverage).toBeGreaterThan(0);
  expect(coverage).toBeLessThanOrEqual(1);
  for (const [at, { fate, kernels: own }] of nodes.entries()) {
    expect(own.length > 0).toBe(fate === 'ran' || fate === 'fused');
    for (const kernel of own) expect(kernels[kernel]?.fileNodes).toContain(at);
  }
  for (const { added, fileNodes } of kernels) expect(fileNodes.length > 0).toBe(added === null);
  expect(typicalRun?.events.length).toBe(Math.round(sum(kernels.map(({ calls }) => calls))));
}

describe('profile', () => {
  it('tells where the time of a network goes, by the nodes of its file', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('.infer-'));
    const result = await run({ batch: 4 });
    expect(profileResultSchema.parse(result)).toEqual(result);
    check(result);
    expect(result.batch).toBe(4);
    // Six products, each with its normalization and activation.
    const products = result.kernels.filter(({ op }) => /Conv|Gemm/.test(op));
    expect(products.map(({ fileNodes }) => result.nodes[fileNodes[0] ?? -1]?.op)).toEqual([
      ...Array.from({ length: 5 }, () => 'Conv'),
      'Gemm',
      'Gemm',
    ]);
    expect(products.reduce((total, { macs }) => total + (macs ?? 0), 0)).toBe(result.macs);
    expect(result.nodes.filter(({ fate }) => fate === 'fused').map(({ op }) => op)).toContain('BatchNormalization');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('.infer-'))).toEqual(before);
  });

  it('finds nodes of branches that ran, and those that did not', async () => {
    const values = { sr: parseInputValue('16000') };
    const { path } = npmModels['vad'] ?? { path: '' };
    const result = await run({ modelPath: path, dims: { sequence: 576 }, inputs: { ...inputs, values } });
    check(result);
    const lstm = result.nodes.filter(({ op }) => op === 'LSTM');
    // One for each rate.
    expect(lstm.map(({ fate }) => fate).toSorted()).toEqual(['not-run', 'ran']);
    const inside = result.kernels.filter(({ within }) => within !== null);
    expect(inside.some(({ op }) => op === 'LSTM')).toBe(true);
    for (const { within } of inside) expect(result.kernels[within ?? -1]?.op).toBe('If');
  });

  it('compares models that share names of dimensions only in part', async () => {
    const other = 'fixtures/digits/mlp.onnx';
    const result = await run({ compare: { modelPath: other, provider: 'cpu' }, batch: 2 });
    expect(result.compared?.subject.model.path).toBe(other);
    expect(result.compared?.ratio.value).toBeCloseTo(
      result.latencyMs.value / (result.compared?.subject.latencyMs.value ?? 0),
    );
  });

  it('refuses names and batches that no model takes, and providers that are not there', async () => {
    await expect(run({ dims: { depth: 3 } })).rejects.toMatchObject({ code: 'unknown-dimension' });
    const none = { modelPath: 'test/none.onnx' };
    await expect(run(none)).rejects.toMatchObject({ name: 'UsageError' });
    const cuda: ProviderStatus = { name: 'cuda', usable: false, reason: 'no driver', cure: 'install it' };
    const missing: Runtime = { ...createRuntime(), probeProvider: () => Promise.resolve(cuda) };
    await expect(run({ provider: 'cuda' }, { runtime: missing })).rejects.toMatchObject({ code: 'provider-missing' });
  });
});
