import type { GateRule } from './gate-rule.ts';
import type { GateMetric } from './gate-vocabulary.ts';

/** Largest relative change of a measured figure that is none, where nobody says otherwise. */
const defaultTolerance = 0.05;

const kibibyte = 1024;

export interface ScenarioTraits {
  readonly instances: number;
  /** Whether data tell how good the model is: then it need not compute the very same. */
  readonly hasQuality: boolean;
}

/**
 * What a scenario is held to unless the user says otherwise. Latency alone of what is measured, for each further metric
 * costs all of them pairs; throughput where instances run side by side, for then it is no longer the inverse.
 */
export function defaultRules({ instances, hasQuality }: ScenarioTraits): readonly GateRule[] {
  return [
    defaultRule('latency-p50'),
    ...(instances > 1 ? [defaultRule('throughput')] : []),
    defaultRule('file-size'),
    defaultRule('parameters'),
    defaultRule('macs'),
    defaultRule('nodes'),
    defaultRule('cpu-fallback-nodes'),
    defaultRule('arena-peak'),
    defaultRule(hasQuality ? 'quality' : 'outputs'),
  ];
}

/** Floors keep what means nothing from failing: a doc string more, another alignment. */
const floors: Partial<Record<GateMetric, number>> = { 'file-size': kibibyte, 'arena-peak': 64 * kibibyte };

const tolerances: Partial<Record<GateMetric, number | null>> = {
  'latency-p50': defaultTolerance,
  'latency-p10': defaultTolerance,
  throughput: defaultTolerance,
  'load-time': defaultTolerance,
  'first-run': defaultTolerance,
  'peak-memory': defaultTolerance,
  // Tails are held against a budget alone.
  'latency-p90': null,
  'latency-p95': null,
  'latency-p99': null,
};

/** A metric's rule where nobody says otherwise: also what a rule of the user's begins from. */
export function defaultRule(metric: GateMetric): GateRule {
  const tolerance = tolerances[metric];
  return {
    metric,
    tolerance: tolerance === undefined ? 0 : tolerance,
    floor: floors[metric] ?? 0,
    budget: null,
    // More nodes are no harm by themselves.
    severity: metric === 'nodes' ? 'warn' : 'fail',
    note: null,
    waiver: null,
  };
}
