import type { Simulated } from './simulation.ts';
import { cutSections } from './cut-sections.ts';
import type { ServerLog, ServerRun } from './server-run.ts';

interface Context {
  readonly run: ServerRun;
  readonly stable: boolean;
  /** Requests of a trace that is played in a loop; null for others. */
  readonly period: number | null;
}

/** Figures of a run after its warm-up. Quantiles are found when they are asked for: sorting costs as much as playing. */
export function summarizeRun(log: ServerLog, context: Context): Simulated {
  const { run, stable, period } = context;
  const sections = cutSections(log.latencyMs, { from: run.warmUp, period });
  const windowMs = log.toMs - log.fromMs;
  return {
    meanMs: sections.mean(),
    waitMs: cutSections(log.waitMs, { from: run.warmUp, period }).mean(),
    get p50Ms() {
      return sections.quantile(0.5);
    },
    get p90Ms() {
      return sections.quantile(0.9);
    },
    get p95Ms() {
      return sections.quantile(0.95);
    },
    get p99Ms() {
      return sections.quantile(0.99);
    },
    percentileMs: (percent) => sections.quantile(percent / 100),
    served: sections.count,
    rejected: run.arrivalsMs.length - run.warmUp - sections.count,
    perSecond: windowMs > 0 ? (log.answered / windowMs) * 1000 : 0,
    meanBatch: log.batches > 0 ? log.batched / log.batches : 0,
    utilization: windowMs > 0 ? log.busyMs / windowMs / run.fleet.replicas : 0,
    stable,
  };
}
