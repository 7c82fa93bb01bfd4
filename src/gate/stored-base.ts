import type { BenchResult, Point } from '../bench/bench-result.ts';
import { blockStatistic } from './block-statistic.ts';
import type { BaselineConditions, GateBaseline } from './gate-baseline.ts';
import { conditionDifferences } from './gate-baseline.ts';
import type { ExactFigures, GatedModel, GateResult, GateScenarioResult } from './gate-result.ts';
import { exactMetrics, measuredMetrics } from './gate-vocabulary.ts';
import { headFigures } from './scenario-blocks.ts';

/** What is known of a base that was measured before. */
export interface StoredBase {
  readonly model: GatedModel | null;
  readonly fingerprint: string | null;
  /** Conditions that were not the same. */
  readonly differs: readonly string[];
  /** By metric, oldest first. */
  readonly history: Readonly<Record<string, number[]>>;
  readonly exact: ExactFigures;
  /** One saved run: `history` are its blocks. */
  readonly isOneRun: boolean;
  /** By metric, the level that was last accepted. */
  readonly accepted: Readonly<Record<string, number>>;
}

export interface StoredQuestion {
  readonly scenario: string;
  readonly conditions: BaselineConditions;
  readonly fingerprint: string;
}

const nothingExact: ExactFigures = {
  'file-size': null,
  parameters: null,
  macs: null,
  nodes: null,
  'cpu-fallback-nodes': null,
  'arena-peak': null,
};

/** The head of a saved gate: of the scenario by that name, or of the only one. Null where it has none. */
export function storedGate(
  saved: GateResult,
  { scenario, conditions }: StoredQuestion,
  ref: string,
): StoredBase | null {
  const found = saved.scenarios.find(({ name }) => name === scenario) ?? onlyOne(saved.scenarios);
  if (found === null) return null;
  return {
    model: { ...found.head, ref },
    fingerprint: saved.environment.fingerprint,
    differs: conditionDifferences(conditionsOf(found, saved.settings.optimization), conditions),
    history: Object.fromEntries(measuredMetrics.map((metric) => [metric, headFigures(found, metric)])),
    exact: found.exact.head,
    isOneRun: true,
    accepted: {},
  };
}

export function conditionsOf(
  { ep, batch, threads, instances, dims, inputs }: Omit<BaselineConditions, 'optimization'>,
  optimization: string,
): BaselineConditions {
  return { ep, batch, threads, instances, dims, inputs, optimization };
}

function onlyOne(scenarios: readonly GateScenarioResult[]): GateScenarioResult | null {
  return scenarios.length === 1 ? (scenarios[0] ?? null) : null;
}

/** The point of a saved bench that is most like the scenario. Null where it measured nothing. */
export function storedBench(saved: BenchResult, { conditions }: StoredQuestion, ref: string): StoredBase | null {
  const { inputs, optimization } = saved.settings;
  const points = saved.points
    .filter(({ rounds }) => rounds.length > 0)
    .map((point) => ({
      point,
      differs: conditionDifferences(conditionsOf({ ...point, inputs }, optimization), conditions),
    }));
  const [closest] = points.toSorted((a, b) => a.differs.length - b.differs.length);
  if (closest === undefined) return null;
  const model = saved.models[closest.point.modelIndex];
  return {
    model:
      model === undefined ? null : { ref, sha256: model.sha256, sizeBytes: model.sizeBytes, commit: null, dirty: null },
    fingerprint: saved.environment.fingerprint,
    differs: closest.differs,
    history: historyOf(closest.point),
    exact: { ...nothingExact, 'file-size': model?.sizeBytes ?? null },
    isOneRun: true,
    accepted: {},
  };
}

function historyOf({ rounds, batch }: Point): Record<string, number[]> {
  return Object.fromEntries(
    measuredMetrics.map((metric) => [metric, rounds.flatMap((round) => blockStatistic(metric, round, batch) ?? [])]),
  );
}

/** A scenario of a stored baseline, by its runs on this machine. Null where it has none. */
export function storedBaseline(
  baseline: GateBaseline,
  { scenario, conditions, fingerprint }: StoredQuestion,
): StoredBase | null {
  const found = baseline.scenarios.find(({ name }) => name === scenario);
  const entries = found?.entries ?? [];
  if (found === undefined || entries.length === 0) return null;
  const own = entries.filter((entry) => entry.fingerprint === fingerprint);
  // Of another machine its exact figures still count.
  const used = own.length > 0 ? own : entries;
  const latest = new Map(used.map((entry) => [entry.metric, entry]));
  const exact = Object.fromEntries(
    exactMetrics.map((metric) => [metric, latest.get(metric)?.runs.at(-1)?.value ?? null]),
  );
  return {
    model: null,
    fingerprint: used[0]?.fingerprint ?? null,
    differs: conditionDifferences(found.conditions, conditions),
    history: Object.fromEntries(used.map(({ metric, runs }) => [metric, runs.map(({ value }) => value)])),
    exact: { ...nothingExact, ...exact },
    isOneRun: false,
    accepted: Object.fromEntries(used.map(({ metric, accepted }) => [metric, accepted])),
  };
}
