/** Figures of blocks in fresh processes, base and head side by side; judged by a test over pairs. */
export const measuredMetrics = [
  'latency-p50',
  /** "Quiet" latency: blind to contention, so that smaller changes show. */
  'latency-p10',
  'throughput',
  'load-time',
  'first-run',
  'peak-memory',
] as const;
export type MeasuredMetric = (typeof measuredMetrics)[number];

/** Held against a budget alone: tails of two models are too noisy to be compared. */
export const budgetMetrics = ['latency-p90', 'latency-p95', 'latency-p99'] as const;
export type BudgetMetric = (typeof budgetMetrics)[number];

/** The same however often they are taken: any change beyond the tolerance is one. */
export const exactMetrics = [
  'file-size',
  'parameters',
  'macs',
  'nodes',
  /** Nodes that ran on the CPU although another provider was asked for. */
  'cpu-fallback-nodes',
  /** Most of onnxruntime’s arena in use in a run, weights counted, in bytes. */
  'arena-peak',
] as const;
export type ExactMetric = (typeof exactMetrics)[number];

/** `outputs`: equal to the base's within the tolerance. `quality`: the drop of `infer evaluate` on the data. */
export const comparedMetrics = ['outputs', 'quality'] as const;

export const gateMetrics = [...measuredMetrics, ...budgetMetrics, ...exactMetrics, ...comparedMetrics] as const;
export type GateMetric = (typeof gateMetrics)[number];

/** Units of `base`, `head`, `floor` and `budget` of each metric. */
export const metricUnits: Readonly<Record<GateMetric, 'ms' | 'bytes' | 'per-second' | 'count' | 'share'>> = {
  'latency-p50': 'ms',
  'latency-p10': 'ms',
  'latency-p90': 'ms',
  'latency-p95': 'ms',
  'latency-p99': 'ms',
  throughput: 'per-second',
  'load-time': 'ms',
  'first-run': 'ms',
  'peak-memory': 'bytes',
  'file-size': 'bytes',
  parameters: 'count',
  macs: 'count',
  nodes: 'count',
  'cpu-fallback-nodes': 'count',
  'arena-peak': 'bytes',
  outputs: 'share',
  quality: 'share',
};

export const cellVerdicts = ['pass', 'fail', 'inconclusive', 'new', 'incomparable', 'waived'] as const;

export const severities = ['fail', 'warn'] as const;
export type Severity = (typeof severities)[number];
