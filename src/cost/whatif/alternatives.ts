import { independentDifference, independentRatio } from '../../stats/combined-interval.ts';
import type { Alternative, CostCurve, CostedModel, CostOption } from '../cost-result.ts';
import { cheapestOption } from './cheapest-option.ts';
import type { ServiceCurve } from '../service/service-curve.ts';
import type { CurvedOption } from './paired-ratio.ts';
import { pairedRatio, savingOf } from './paired-ratio.ts';
import { paretoMarks } from './pareto.ts';

type Gains = Pick<Alternative, 'ratio' | 'savingPerMillionUsd' | 'savingPerMonthUsd'>;

const noGains: Gains = { ratio: null, savingPerMillionUsd: null, savingPerMonthUsd: null };

export interface AlternativesInput {
  /** Ranked. */
  readonly options: readonly CostOption[];
  readonly curves: readonly CostCurve[];
  readonly models: readonly CostedModel[];
  /** By curve, with their draws; without them no costs are paired. */
  readonly services?: readonly ServiceCurve[];
}

/**
 * The cheapest option of every model beside that of the first one, at the same lengths where both were measured at them.
 * Costs on the same machine from rounds that were taken together are paired; others count as independent, whose interval
 * is wider than need be where they share something.
 */
export function alternatives({ options, curves, models, services }: AlternativesInput): readonly Alternative[] {
  const dims = curves.find(({ modelIndex }) => modelIndex === 0)?.dims ?? {};
  const indices = models.map((_, modelIndex) => cheapestOption(options, curves, { modelIndex, dims }));
  const chosen = indices.map((index) => (index === null ? null : (options[index] ?? null)));
  const marks = paretoMarks(
    models.map(({ accuracy }, index) => ({
      usdPerMillion: chosen[index]?.usdPerMillion.value ?? null,
      accuracy: accuracy && { ...accuracy, value: accuracy.value.value },
    })),
  );
  const [first = null] = chosen;
  const pairing = { curves, services: services ?? [] };
  return models.map((_, modelIndex) => ({
    modelIndex,
    option: indices[modelIndex] ?? null,
    ...gains(first, modelIndex === 0 ? null : (chosen[modelIndex] ?? null), pairing),
    isPareto: marks[modelIndex] ?? null,
  }));
}

interface Pairing {
  readonly curves: readonly CostCurve[];
  readonly services: readonly ServiceCurve[];
}

function gains(first: CostOption | null, other: CostOption | null, pairing: Pairing): Gains {
  if (first === null || other === null) return noGains;
  // What is free is no share of anything, nor has it one.
  const isPaid = first.usdPerMillion.value > 0 && other.usdPerMillion.value > 0;
  const paired = isPaid ? pairedGains(first, other, pairing) : null;
  if (paired !== null) return paired;
  return {
    ratio: isPaid ? independentRatio(other.usdPerMillion, first.usdPerMillion) : null,
    savingPerMillionUsd: independentDifference(first.usdPerMillion, other.usdPerMillion),
    savingPerMonthUsd:
      first.monthlyUsd && other.monthlyUsd && independentDifference(first.monthlyUsd, other.monthlyUsd),
  };
}

function pairedGains(first: CostOption, other: CostOption, pairing: Pairing): Gains | null {
  const [against, own] = [curved(first, pairing), curved(other, pairing)];
  const ratio = against && own && pairedRatio(own, against);
  if (ratio === null) return null;
  return {
    ratio,
    savingPerMillionUsd: savingOf(first.usdPerMillion, ratio),
    savingPerMonthUsd: first.monthlyUsd && other.monthlyUsd && savingOf(first.monthlyUsd, ratio),
  };
}

function curved(option: CostOption, { curves, services }: Pairing): CurvedOption | null {
  const [described, curve] = [curves[option.curveIndex], services[option.curveIndex]];
  return described === undefined || curve === undefined ? null : { option, curve, result: described.result };
}
