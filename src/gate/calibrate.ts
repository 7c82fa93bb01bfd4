import { detectableChange } from '../stats/detectable-change.ts';
import { hodgesLehmann } from '../stats/hodges-lehmann.ts';
import { pairsToDetect } from '../stats/pairs-to-detect.ts';
import { median } from '../stats/quantile.ts';
import { upperDeviation } from '../stats/upper-deviation.ts';
import { deviation } from './detectable.ts';
import type { CalibrationCell } from './gate-calibration-result.ts';
import type { GateScenarioResult } from './gate-result.ts';
import type { GateRule } from './gate-rule.ts';
import type { MeasuredMetric } from './gate-vocabulary.ts';
import { measuredMetrics, metricUnits } from './gate-vocabulary.ts';
import { pairsNeeded, strictestAlpha } from './judge/pairs-needed.ts';
import { planLooks } from './plan-gate.ts';
import { pairedFigures } from './scenario-blocks.ts';
import { ratioInterval, worseLog } from './worse-log.ts';

export interface CalibrationSettings {
  readonly alpha: number;
  /** Tests of the gate that is calibrated for. */
  readonly tests: number;
  /** Pairs that fit its budget. */
  readonly pairs: number;
  /** One pair of every scenario. */
  readonly roundMs: number;
}

/** What a gate of this budget could tell on this machine, from blocks of which both arms are the same model. */
export function calibrationCells(
  scenarios: readonly GateScenarioResult[],
  settings: CalibrationSettings,
): readonly CalibrationCell[] {
  return scenarios.flatMap((scenario) =>
    scenario.rules.flatMap((rule) => {
      const metric = measuredMetrics.find((name) => name === rule.metric);
      return metric === undefined ? [] : [calibrationCell(scenario, { ...rule, metric }, settings)];
    }),
  );
}

type MeasuredRule = GateRule & { readonly metric: MeasuredMetric };

function calibrationCell(
  scenario: GateScenarioResult,
  rule: MeasuredRule,
  settings: CalibrationSettings,
): CalibrationCell {
  const { metric, tolerance } = rule;
  const figures = pairedFigures(scenario, metric);
  const logs = figures.map((pair) => worseLog(metric, pair));
  const known = { scenario: scenario.name, metric, unit: metricUnits[metric], tolerance, pairs: figures.length };
  if (logs.length < 2) return { ...known, ...nothingTold, resolvable: tolerance === null };
  const sdUpper = upperDeviation(logs);
  return {
    ...known,
    value: median(figures.flatMap(({ base, head }) => [base, head])),
    ratio: ratioInterval(metric, hodgesLehmann(logs)),
    sd: deviation(logs),
    sdUpper,
    ...resolution({ sd: sdUpper, tolerance }, settings),
  };
}

const nothingTold = {
  value: null,
  ratio: null,
  sd: null,
  sdUpper: null,
  detectable: null,
  smallestTolerance: null,
  neededPairs: null,
  neededBudgetMs: null,
} as const;

type Resolution = Pick<
  CalibrationCell,
  'detectable' | 'smallestTolerance' | 'neededPairs' | 'neededBudgetMs' | 'resolvable'
>;

/** A tolerance can be told where a change of twice as much is found in 4 of 5 gates. */
function resolution(
  { sd, tolerance }: { readonly sd: number; readonly tolerance: number | null },
  { alpha, tests, pairs, roundMs }: CalibrationSettings,
): Resolution {
  const { looks } = planLooks(pairs, { cells: tests, alpha });
  const strictest = strictestAlpha({ cells: tests, alpha, looks: looks.length });
  const shift = detectableChange({ sd, pairs, alpha: strictest, tolerance: 0 });
  const smallest = shift === null ? null : smallestTolerance(shift);
  if (tolerance === null)
    return { detectable: null, smallestTolerance: smallest, neededPairs: null, neededBudgetMs: null, resolvable: true };
  const needed = pairsToDetect({ sd, alpha: strictest, tolerance, change: 2 * tolerance });
  const least = pairsNeeded({ cells: tests, alpha, looks: 1 });
  const neededPairs = needed === null ? null : Math.max(needed, least);
  return {
    detectable: detectableChange({ sd, pairs, alpha: strictest, tolerance }),
    smallestTolerance: smallest,
    neededPairs,
    neededBudgetMs: neededPairs === null ? null : neededPairs * roundMs,
    resolvable: smallest !== null && tolerance >= smallest,
  };
}

/**
 * The tolerance t of which (1 + t)(1 + shift) = 1 + 2 t: the shift is what must lie beyond the tolerance to be found.
 * Null where no tolerance is wide enough, a shift of 100 % or more.
 */
function smallestTolerance(shift: number): number | null {
  return shift >= 1 ? null : shift / (1 - shift);
}
