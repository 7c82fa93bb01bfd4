import { compareProfiles } from '../../src/profile/compare-profiles.ts';
import type {
  ProfiledKernel,
  ProfiledNode,
  ProfileResult,
  ProfileSubject,
  Roofs,
} from '../../src/profile/profile-result.ts';
import type { Estimate } from '../../src/result/envelope.ts';
import { environment, estimate } from './fixture-bench-result.ts';

const roofs: Roofs = {
  provider: 'cpu',
  threads: 2,
  gflopPerSecond: 118.4,
  gbPerSecond: 14.2,
  int8GopPerSecond: 231.6,
  ridge: 8.34,
  measuredAt: '2025-03-03T22:10:00.000Z',
  cached: true,
};

/** What a case sets of a kernel; the rest follows from it. */
type KernelSketch = Pick<ProfiledKernel, 'name' | 'op' | 'fileNodes'> & {
  readonly ms: number;
} & Partial<ProfiledKernel>;

const latencyMs = 8;

function kernel({ ms, macs = null, bytes = null, ...rest }: KernelSketch): ProfiledKernel {
  const flop = macs === null ? null : 2 * macs;
  return {
    provider: 'CPUExecutionProvider',
    within: null,
    share: estimate(ms / latencyMs, 0.03),
    timeMs: estimate(ms, 0.05),
    profiledMs: ms * 1.4,
    calls: 1,
    macs,
    bytes,
    gflopPerSecond: flop === null ? null : flop / ms / 1e6,
    gbPerSecond: bytes === null ? null : bytes / ms / 1e6,
    intensity: flop === null || bytes === null ? null : flop / bytes,
    bound: null,
    roofShare: null,
    arenaBytes: null,
    waitShare: null,
    inputs: [],
    outputs: [],
    added: null,
    ...rest,
  };
}

function node(name: string, op: string, rest: Partial<ProfiledNode> = {}): ProfiledNode {
  const usual = { provider: 'CPUExecutionProvider', fate: 'ran', kernels: [], share: 0, timeMs: 0 } as const;
  return { name, op, macs: null, bytes: null, bound: null, ...usual, kernels: [], ...rest };
}

function worked(name: string, op: string, [at, ms]: readonly [number, number]): ProfiledNode {
  return node(name, op, { kernels: [at], share: ms / latencyMs, timeMs: ms, bound: 'compute', macs: 1e6, bytes: 4e5 });
}

const image = [{ type: 'float32', dims: [1, 32, 56, 56] }];

/** A network with modules, a fused activation, a body, and what the runtime puts in itself. */
function fullSubject(): ProfileSubject {
  const kernels = [
    kernel({ name: 'ReorderInput', op: 'ReorderInput', ms: 0.3, bytes: 1.2e6, added: 'layout', fileNodes: [] }),
    kernel({
      name: '/backbone/stem/Conv',
      op: 'Conv',
      ms: 4.4,
      macs: 2.16e8,
      bytes: 3.4e6,
      bound: 'compute',
      roofShare: 0.83,
      arenaBytes: 2_408_448,
      waitShare: 0.04,
      inputs: image,
      outputs: image,
      fileNodes: [0, 1],
    }),
    kernel({
      name: '/backbone/head/Gemm',
      op: 'Gemm',
      ms: 1.6,
      macs: 4e6,
      bytes: 1.6e7,
      bound: 'memory',
      roofShare: 0.7,
      arenaBytes: 4096,
      waitShare: 0.21,
      inputs: [{ type: 'float32', dims: [1, 2048] }],
      outputs: [{ type: 'float32', dims: [1, 1000] }],
      fileNodes: [3],
    }),
    kernel({ name: '/gate/If', op: 'If', ms: 0.2, fileNodes: [4] }),
    kernel({
      name: '/gate/Softmax',
      op: 'Softmax',
      ms: 0.02,
      within: 3,
      bytes: 8000,
      bound: 'overhead',
      roofShare: 0.02,
      fileNodes: [5],
    }),
    kernel({ name: 'mystery', op: 'Mystery', ms: 1.48, calls: 0.5, fileNodes: [] }),
  ];
  return {
    model: { path: 'models/two-headed.onnx', sha256: 'a'.repeat(64), sizeBytes: 8_400_000 },
    ep: 'cpu',
    threads: 2,
    batch: 1,
    dims: { height: 224, width: 224 },
    latencyMs: estimate(latencyMs, 0.02),
    profiledMs: 11.3,
    profiledRuns: 100,
    coverage: 0.9,
    writingShare: 0.067,
    macs: 2.2e8,
    roofs,
    operators: [
      { op: 'Conv', count: 1, share: estimate(0.55, 0.03), timeMs: estimate(4.4, 0.05) },
      { op: 'Gemm', count: 1, share: estimate(0.2, 0.03), timeMs: estimate(1.6, 0.05) },
      { op: 'Mystery', count: 1, share: estimate(0.185, 0.03), timeMs: estimate(1.48, 0.05) },
      { op: 'ReorderInput', count: 1, share: estimate(0.0375, 0.03), timeMs: estimate(0.3, 0.05) },
      { op: 'If', count: 1, share: estimate(0.025, 0.03), timeMs: estimate(0.2, 0.05) },
      { op: 'Softmax', count: 1, share: estimate(0.0025, 0.03), timeMs: estimate(0.02, 0.05) },
    ],
    kernels,
    nodes: [
      worked('/backbone/stem/Conv', 'Conv', [1, 4.4]),
      node('/backbone/stem/Relu', 'Relu', { fate: 'fused', kernels: [1], macs: 0, bytes: 8e5 }),
      node('/backbone/Reshape', 'Reshape', { fate: 'folded', provider: null, macs: 0, bytes: 0 }),
      worked('/backbone/head/Gemm', 'Gemm', [2, 1.6]),
      worked('/gate/If', 'If', [3, 0.2]),
      worked('/gate/Softmax', 'Softmax', [4, 0.02]),
      node('/gate/Tanh', 'Tanh', { fate: 'not-run', provider: null }),
      node('/gate/Identity', 'Identity', { fate: 'dropped', provider: null }),
    ],
    arenaPeakBytes: 5_242_880,
    typicalRun: {
      durationMs: 11.3,
      events: [
        { kernel: 0, startMs: 0.05, durationMs: 0.42 },
        { kernel: 1, startMs: 0.5, durationMs: 6.2 },
        { kernel: 2, startMs: 6.8, durationMs: 2.2 },
        { kernel: 4, startMs: 9.1, durationMs: 0.03 },
        { kernel: 3, startMs: 9.05, durationMs: 0.3 },
        { kernel: 5, startMs: 9.4, durationMs: 1.8 },
      ],
    },
    remedies: [
      {
        remedy: 'quantize',
        share: 0.75,
        details: {
          kernels: 2,
          operators: [
            { op: 'Conv', share: 0.55 },
            { op: 'Gemm', share: 0.2 },
          ],
          to: 'int8',
          integerInstructions: false,
        },
      },
      { remedy: 'fewer-threads', share: 0.22, details: { threads: 2 } },
    ],
  };
}

export function fullCase(): ProfileResult {
  return profileResult(fullSubject(), {
    warnings: [
      { code: 'kernels-unattributed', details: { kernels: 1, share: 0.185 } },
      { code: 'profile-cut-off', details: { runs: 12, wanted: 20, eventsPerRun: 12_400 } },
    ],
  });
}

/** On a provider that leaves a part to the CPU, which copies to and fro. */
function webgpuSubject(): ProfileSubject {
  const gpu = { provider: 'WebGpuExecutionProvider' };
  return {
    ...fullSubject(),
    ep: 'webgpu',
    latencyMs: estimate(5, 0.04),
    profiledMs: 9,
    profiledRuns: 60,
    roofs: null,
    operators: [
      { op: 'Conv', count: 1, share: estimate(0.6, 0.03), timeMs: estimate(3, 0.05) },
      { op: 'MemcpyFromHost', count: 1, share: estimate(0.2, 0.03), timeMs: estimate(1, 0.05) },
      { op: 'Gemm', count: 1, share: estimate(0.2, 0.03), timeMs: estimate(1, 0.05) },
    ],
    kernels: [
      kernel({ name: 'Memcpy', op: 'MemcpyFromHost', ms: 1, added: 'copy', fileNodes: [], ...gpu }),
      kernel({ name: '/backbone/stem/Conv', op: 'Conv', ms: 3, macs: 2.16e8, fileNodes: [0, 1], ...gpu }),
      kernel({ name: '/backbone/head/Gemm', op: 'Gemm', ms: 1, macs: 4e6, fileNodes: [2] }),
    ],
    nodes: [
      worked('/backbone/stem/Conv', 'Conv', [1, 3]),
      node('/backbone/stem/Relu', 'Relu', { fate: 'fused', kernels: [1] }),
      worked('/backbone/head/Gemm', 'Gemm', [2, 1]),
      worked('/extra/Cast', 'Cast', [2, 0.1]),
    ],
    arenaPeakBytes: null,
    typicalRun: null,
    remedies: [],
  };
}

/** The full case beside another provider. */
export function comparedCase(): ProfileResult {
  const [first, subject] = [fullSubject(), webgpuSubject()];
  const ratio = estimate(1.6, 0.05);
  return profileResult(first, { compared: { subject, ratio, ...compareProfiles(first, subject) } });
}

/** The provider with fallbacks alone. */
export function fallbackCase(): ProfileResult {
  return profileResult(webgpuSubject(), {
    warnings: [
      { code: 'fell-back', details: { ep: 'webgpu', provider: 'CPUExecutionProvider', kernels: 1, share: 0.2 } },
    ],
  });
}

/** A model of which nothing is left, stopped after a round. */
export function emptyCase(): ProfileResult {
  const nothing: Estimate = { value: 0.004, low: null, high: null };
  const subject: ProfileSubject = {
    ...fullSubject(),
    model: { path: 'identity.onnx', sha256: 'b'.repeat(64), sizeBytes: 200 },
    batch: null,
    dims: {},
    latencyMs: nothing,
    profiledMs: 0,
    profiledRuns: 0,
    coverage: 0,
    writingShare: 0,
    macs: null,
    operators: [],
    kernels: [],
    nodes: [],
    arenaPeakBytes: null,
    typicalRun: null,
    remedies: [],
  };
  const warnings = [
    { code: 'no-kernels', details: { ep: 'cpu' } },
    { code: 'few-rounds', details: { rounds: 1, wanted: 3 } },
  ];
  return profileResult(subject, { rounds: 1, interrupted: true, warnings });
}

function profileResult(subject: ProfileSubject, rest: Partial<ProfileResult> = {}): ProfileResult {
  return {
    schemaVersion: 1,
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2025-03-04T05:06:07.000Z',
    command: ['infer', 'profile', subject.model.path],
    environment,
    warnings: [],
    kind: 'profile',
    ...subject,
    compared: null,
    settings: { seed: 0, optimization: 'all', budgetMs: 60_000, inputs: 'synthetic' },
    rounds: 5,
    interrupted: false,
    elapsedMs: 41_000,
    ...rest,
  };
}
