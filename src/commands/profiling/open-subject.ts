import type { MeasuringPoint } from '../../bench/point-state.ts';
import { initialState } from '../../bench/point-state.ts';
import { probeKey, probeModel } from '../../bench/probe-model.ts';
import type { Finding } from '../../errors.ts';
import { RuntimeError, UsageError } from '../../errors.ts';
import type { SubjectPlan } from '../../profile/profile-options.ts';
import type { ProfileResult } from '../../profile/profile-result.ts';
import type { ProviderName } from '../../runtime/provider.ts';
import { withCauses } from '../miscomputed.ts';
import { openGraph } from './file-graph.ts';
import type { ReadSubject, SubjectMaking } from './read-subject.ts';
import { subjectBlocks } from './subject-blocks.ts';

export interface OpenedSubject {
  readonly plan: SubjectPlan;
  readonly warnings: ProfileResult['warnings'];
  /** Removes what was written for it. */
  dispose(): void;
}

/**
 * Feeds and runs a model once, and gets ready what its profile needs. Throws UsageError, DataError, ModelError and
 * RuntimeError.
 */
export async function openSubject(read: ReadSubject, making: SubjectMaking): Promise<OpenedSubject> {
  const { model, provider, options } = read;
  const { path, sha256, sizeBytes } = model;
  const state = await probe(read, making);
  const { dims, batch } = state.probe.inputs;
  const { threads } = state.point;
  const graph = await openGraph({ path, dims, threads, provider }, making);
  const facts = { model: { path, sha256, sizeBytes }, ep: provider, threads, batch, dims: { ...dims } };
  return {
    plan: {
      facts: { ...facts, macs: graph.macs },
      provider: runtimeNames[provider] ?? provider,
      file: graph.file,
      blocks: subjectBlocks({ state, options, markedPath: graph.markedPath }),
    },
    warnings: findingsOf(path, state),
    dispose: () => graph.dispose(),
  };
}

/** What onnxruntime calls its providers in a profile. */
const runtimeNames: Readonly<Partial<Record<ProviderName, string>>> = {
  cpu: 'CPUExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  tensorrt: 'TensorrtExecutionProvider',
  coreml: 'CoreMLExecutionProvider',
  dml: 'DmlExecutionProvider',
};

const nothingTold: Finding = { code: 'interrupted', details: {} };

/** Runs the model once or twice: bad inputs show before time is spent, and outputs are compared with the CPU's. */
async function probe({ inputs, provider, options }: ReadSubject, { request }: SubjectMaking): Promise<MeasuringPoint> {
  const { path } = inputs;
  const inputCase = { modelIndex: 0, dims: request.dims, batch: request.batch };
  const task = { modelIndex: 0, path, cases: [inputCase], providers: [provider] };
  const { probes } = await probeModel(inputs, task, options);
  const found = probes.get(probeKey(provider, inputCase));
  if (found === undefined || found.status !== 'ready') throw unready(path, provider, found?.reason ?? nothingTold);
  const threads = request.threads ?? options.usableCores;
  const state = initialState({ ...inputCase, ep: provider, threads, instances: 1 }, found, options.usableCores);
  if (state.status !== 'measuring') throw unready(path, provider, state.reason);
  return state;
}

/** Inputs that do not fit were told by what was thrown: what is left is a batch, or a run that failed. */
function unready(model: string, provider: ProviderName, { code, details }: Finding): Error {
  if (code === 'no-batch-axis' || code === 'fixed-batch')
    return new UsageError('bad-value', {
      flag: '--batch',
      value: valueOf(details, 'batch'),
      expected: 'a batch that the model takes',
    });
  return new RuntimeError('run-failed', { model, provider, problem: valueOf(details, 'problem') });
}

function valueOf(details: object, name: string): string {
  return String(Reflect.get(details, name) ?? '');
}

/** JSON has no infinity. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.MAX_VALUE;
}

function findingsOf(model: string, { point, probe: { inputs, versusCpu } }: MeasuringPoint): ProfileResult['warnings'] {
  const notes = inputs.notes.map(({ code, details }) => ({ code, details: { model, ...details } }));
  if (versusCpu === null || versusCpu.matches) return notes;
  const { maxAbs, maxRel } = versusCpu;
  const details = { model, ep: point.ep, maxAbs: finite(maxAbs), maxRel: finite(maxRel) };
  return [...withCauses([{ code: 'outputs-differ-from-cpu', details }]), ...notes];
}
