import type { BenchResult } from '../../bench/bench-result.ts';
import type { Catalog, InstanceType } from '../../cost/catalog/catalog.ts';
import type { CostCurve, CostedModel } from '../../cost/cost-result.ts';
import type { MeasuredCurve } from '../../cost/fleet/measured-curve.ts';
import { measuredOn } from '../../cost/hardware/measured-on.ts';
import { rooflineShares } from '../../cost/hardware/roofline-shares.ts';
import { meanRatio } from '../../cost/queue/batch-stability.ts';
import { fitCurve } from '../../cost/service/fit-curve.ts';
import type { Sweep } from '../../cost/service/sweep.ts';
import { sweepsOf } from '../../cost/service/sweeps-of.ts';
import { tokenRates } from '../../cost/service/token-rates.ts';
import type { FittedSweep } from '../../cost/service/token-rates.ts';
import { createRandom } from '../../stats/seeded-random.ts';
import type { NamedResult } from './read-results.ts';
import type { WorkReader } from './work-reader.ts';

export interface CurveSources {
  readonly benches: readonly NamedResult<BenchResult>[];
  readonly models: readonly CostedModel[];
  readonly catalog: Catalog;
  /** The instance that a result was measured on, where the user says so. */
  readonly instanceOf: (resultPath: string) => InstanceType | null;
  readonly work: WorkReader;
  readonly seed: number;
}

export interface BuiltCurve {
  readonly sweep: Sweep;
  readonly measured: MeasuredCurve;
  /** As the result tells it. */
  readonly described: CostCurve;
}

/**
 * The service curve of every sweep of every result.
 * @throws DataError where a result holds none
 */
export async function buildCurves(sources: CurveSources): Promise<readonly BuiltCurve[]> {
  const fitted = sources.benches.flatMap(({ path, result }, index) =>
    sweepsOf(result, path).map((sweep) => ({
      sweep,
      // One stream a result: rounds that were taken together vary together.
      curve: fitCurve(sweep, createRandom(sources.seed, 'rounds', index)),
    })),
  );
  const built: BuiltCurve[] = [];
  for (const [index, each] of fitted.entries()) {
    const measured = await measuredCurve({ index, fitted: each, others: fitted }, sources);
    built.push({ sweep: each.sweep, measured, described: describeCurve(each.sweep, measured) });
  }
  return built;
}

interface Indexed {
  readonly index: number;
  readonly fitted: FittedSweep;
  readonly others: readonly FittedSweep[];
}

async function measuredCurve({ index, fitted, others }: Indexed, sources: CurveSources): Promise<MeasuredCurve> {
  const { sweep, curve } = fitted;
  const { model, dims } = sweep;
  const machine = measuredOn(sweep, sources.catalog, sources.instanceOf(sweep.path));
  const work = await sources.work.workOf(sweep);
  return {
    index,
    modelIndex: sources.models.findIndex(({ sha256 }) => sha256 === model.sha256),
    curve,
    dims,
    measuredOn: machine,
    work,
    shares:
      work === null
        ? null
        : rooflineShares({ work, curve, measuredOn: machine, modelBytes: model.sizeBytes }, sources.catalog),
    peakRssBytes: peakRssOf(sweep),
    modelBytes: model.sizeBytes,
    tokens: tokenRates(fitted, others),
  };
}

/** Of one process, at the batch that takes most; null where it was measured of none. */
function peakRssOf({ points, instances }: Sweep): number | null {
  const peaks = points.flatMap(({ peakRssBytes }) => peakRssBytes ?? []);
  return peaks.length === 0 ? null : Math.max(...peaks) / instances;
}

function describeCurve(sweep: Sweep, { modelIndex, curve, shares, tokens }: MeasuredCurve): CostCurve {
  const { path, environment, ep, threads, instances, dims } = sweep;
  const { kind, tau0Ms, alphaMs, largestResidual, points } = curve;
  return {
    modelIndex,
    result: path,
    processor: environment.cpu.model,
    fingerprint: environment.fingerprint,
    ep,
    threads,
    instances,
    dims: { ...dims },
    kind,
    tau0Ms,
    alphaMs,
    largestResidual,
    meanOverMedian: meanRatio(curve.ratios),
    points: points.map(({ batch, measuredMs, fittedMs, rounds }) => ({
      batch,
      measuredMs: { ...measuredMs },
      fittedMs,
      rounds,
    })),
    shares,
    tokens,
  };
}
