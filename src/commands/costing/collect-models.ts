import type { BenchedModel, BenchResult } from '../../bench/bench-result.ts';
import type { CostedModel } from '../../cost/cost-result.ts';
import type { EvaluateResult } from '../../evaluate/evaluate-result.ts';
import { labelModels } from './label-models.ts';
import type { NamedResult } from './read-results.ts';

export interface CollectedModels {
  readonly models: readonly CostedModel[];
  /** Inputs of each. */
  readonly inputs: readonly BenchedModel['inputs'][];
  /** Paths of evaluations of none of them. */
  readonly unmatched: readonly string[];
}

/** The models of all results, each file once, in order of appearance, with what evaluations tell of them. */
export function collectModels(
  benches: readonly NamedResult<BenchResult>[],
  evaluations: readonly NamedResult<EvaluateResult>[],
): CollectedModels {
  const found = new Map<string, { readonly model: BenchedModel; readonly results: Set<string> }>();
  for (const { path, result } of benches)
    for (const model of measuredModels(result)) {
      const known = found.get(model.sha256) ?? { model, results: new Set() };
      found.set(model.sha256, known);
      known.results.add(path);
    }
  const files = [...found.values()];
  const labels = labelModels(files.map(({ model }) => model));
  const accuracies = accuraciesOf(evaluations);
  return {
    models: files.map(({ model: { path, sha256, sizeBytes }, results }, index) => ({
      label: labels[index] ?? path,
      path,
      sha256,
      sizeBytes,
      results: [...results],
      accuracy: accuracies.get(sha256) ?? null,
    })),
    inputs: files.map(({ model }) => model.inputs),
    unmatched: evaluations
      .filter(({ result: { model, reference } }) => !found.has(model.sha256) && !found.has(reference?.sha256 ?? ''))
      .map(({ path }) => path),
  };
}

/** Those that have a point; what failed everywhere has no cost to tell. */
function measuredModels({ models, points }: BenchResult): readonly BenchedModel[] {
  return models.filter((_, index) => points.some(({ modelIndex, status }) => modelIndex === index && status === 'ok'));
}

type Accuracy = NonNullable<CostedModel['accuracy']>;

/** The first metric of each model by its hash; what an evaluation says of its own model counts before what of its reference. */
function accuraciesOf(evaluations: readonly NamedResult<EvaluateResult>[]): ReadonlyMap<string, Accuracy> {
  const told = evaluations.flatMap(({ result: { model, reference, metrics } }) => {
    const [metric] = metrics;
    return metric === undefined ? [] : [{ model, reference, metric }];
  });
  const own = told.flatMap(({ model, metric }) => accuracyOf(model, metric, metric.value));
  const ofReferences = told.flatMap(({ reference, metric }) =>
    accuracyOf(reference, metric, metric.reference?.value ?? null),
  );
  // Of several by one key a map keeps the last.
  return new Map([...own, ...ofReferences].toReversed());
}

function accuracyOf(
  model: EvaluateResult['reference'],
  { name, higherIsBetter }: EvaluateResult['metrics'][number],
  value: Accuracy['value'] | null,
): readonly (readonly [string, Accuracy])[] {
  return model === null || value === null ? [] : [[model.sha256, { metric: name, higherIsBetter, value }]];
}
