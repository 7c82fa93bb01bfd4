import type { BenchedModel } from '../../bench/bench-result.ts';
import { oldPriceDays } from '../../cost/catalog/price-age.ts';
import type { PriceAge } from '../../cost/catalog/price-age.ts';
import type { CostedModel, CostOption } from '../../cost/cost-result.ts';
import type { CostSettings } from '../../cost/cost-settings.ts';
import type { CostWarning } from '../../cost/cost-warning.ts';
import type { BuiltCurve } from './build-curves.ts';
import type { CollectedModels } from './collect-models.ts';
import type { ReadResults } from './read-results.ts';

export interface CostFacts {
  readonly saved: ReadResults;
  readonly collected: CollectedModels;
  readonly curves: readonly BuiltCurve[];
  /** Paths of models whose file is not there as it was measured. */
  readonly withoutFile: readonly string[];
  readonly settings: CostSettings;
  readonly options: readonly CostOption[];
  readonly cheapest: number | null;
  readonly prices: PriceAge;
  /** Whether models are used together rather than in each other's place. */
  readonly areCombined: boolean;
}

/** What to know before believing a projection: of the results first, then of the machines, then of the question. */
export function collectWarnings(facts: CostFacts): readonly CostWarning[] {
  return [
    ...ofResults(facts),
    ...facts.curves.flatMap((curve) => (isMeasuredOnce(curve) ? [oneRound(curve, facts.collected.models)] : [])),
    ...ofMachines(facts),
    ...ofReplicas(facts),
    ...ofModels(facts),
    ...ofQuestion(facts),
    ...ofPrices(facts),
  ];
}

function ofResults({ saved: { benches, repeated }, collected: { unmatched } }: CostFacts): readonly CostWarning[] {
  const leftOut = benches.flatMap(({ path, result: { points } }) => {
    const failed = points.filter(({ status }) => status === 'failed').length;
    const skipped = points.filter(({ status }) => status === 'skipped').length;
    return failed + skipped === 0 ? [] : [{ code: 'points-left-out' as const, details: { path, failed, skipped } }];
  });
  return [
    ...repeated.map((details) => ({ code: 'result-repeated' as const, details })),
    ...unmatched.map((path) => ({ code: 'evaluation-unmatched' as const, details: { path } })),
    ...leftOut,
  ];
}

function isMeasuredOnce({ measured: { curve } }: BuiltCurve): boolean {
  return curve.draws.length === 0;
}

function oneRound({ sweep, measured }: BuiltCurve, models: readonly CostedModel[]): CostWarning {
  const model = models[measured.modelIndex]?.label ?? sweep.model.path;
  return { code: 'one-round', details: { model, path: sweep.path } };
}

/** Only where a projection stands on it. */
function ofMachines({ curves, withoutFile, options, collected: { models } }: CostFacts): readonly CostWarning[] {
  const projected = options.filter(({ projection }) => projection !== null);
  const unknown = new Map(
    projected.flatMap(({ curveIndex }) => {
      const curve = curves[curveIndex];
      if (curve === undefined || curve.sweep.ep !== 'cpu' || curve.measured.measuredOn.processor !== null) return [];
      return [[curve.sweep.path, curve.sweep.environment.cpu.model]];
    }),
  );
  const missing = withoutFile.filter((path) => projected.some(({ modelIndex }) => models[modelIndex]?.path === path));
  return [
    ...[...unknown].map(([path, processor]) => ({ code: 'unknown-processor' as const, details: { path, processor } })),
    ...missing.map((path) => ({ code: 'no-model-file' as const, details: { path } })),
  ];
}

/** Of the cheapest option of each model: what is not going to be bought needs no warning. */
function ofReplicas({ curves, options, collected: { models }, settings }: CostFacts): readonly CostWarning[] {
  return models.flatMap(({ label: model }, modelIndex) => {
    const option = options.find((each) => each.modelIndex === modelIndex);
    const curve = option === undefined ? undefined : curves[option.curveIndex];
    if (option === undefined || curve === undefined) return [];
    const replicas = option.replicasPerMachine;
    const isAlone = curve.sweep.instances === 1 && replicas > 1 && option.purchase !== 'serverless';
    const { largestBatch, points } = curve.measured.curve;
    const isAtEnd = settings.batch === null && points.length > 1 && option.batch === largestBatch;
    return [
      ...(isAlone ? [{ code: 'measured-alone' as const, details: { model, replicas } }] : []),
      ...(isAtEnd ? [{ code: 'batch-at-end' as const, details: { model, batch: option.batch } }] : []),
    ];
  });
}

function ofModels({ collected: { models, inputs }, areCombined }: CostFacts): readonly CostWarning[] {
  const [first, ...others] = models;
  if (first === undefined || others.length === 0) return [];
  const without = models.filter(({ accuracy }) => accuracy === null).map(({ label }) => label);
  const unlike = areCombined ? [] : others.filter((_, index) => !areAlike(inputs[0] ?? [], inputs[index + 1] ?? []));
  return [
    ...(without.length === 0 ? [] : [{ code: 'accuracy-missing' as const, details: { models: without } }]),
    ...unlike.map(({ label }) => ({ code: 'models-unlike' as const, details: { model: label, first: first.label } })),
  ];
}

/** Whether both take the same feeds, but for the names of lengths and for types: int8 and float16 change these. */
function areAlike(inputs: BenchedModel['inputs'], others: BenchedModel['inputs']): boolean {
  return inputs.every(({ name, shape }) => {
    const other = others.find((each) => each.name === name);
    return (
      other !== undefined &&
      other.shape.length === shape.length &&
      shape.every((length, axis) => {
        const otherLength = other.shape[axis];
        return typeof length === 'string' || typeof otherLength === 'string' || length === otherLength;
      })
    );
  });
}

function ofQuestion(facts: CostFacts): readonly CostWarning[] {
  const { settings, cheapest, curves } = facts;
  const { load, objective, targetUtilization } = settings;
  const hasFleets = curves.length > 0;
  return [
    ...(load === null && hasFleets ? [{ code: 'no-load' as const, details: { utilization: targetUtilization } }] : []),
    ...(objective === null || cheapest !== null || !hasFleets
      ? []
      : [{ code: 'objective-missed' as const, details: objective }]),
  ];
}

function ofPrices({ prices: { oldest, undated, daysOld } }: CostFacts): readonly CostWarning[] {
  const isOld = oldest !== null && daysOld !== null && daysOld > oldPriceDays;
  return [
    ...(isOld ? [{ code: 'prices-old' as const, details: { oldest, days: daysOld } }] : []),
    ...(undated > 0 ? [{ code: 'prices-undated' as const, details: { options: undated } }] : []),
  ];
}
