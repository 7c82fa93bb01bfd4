import type { Model } from '../onnx/model.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import type { InspectWarning } from './inspect-warning.ts';
import type { GraphCost } from './model-cost.ts';

/** What the figures lack, and how to get it. */
export function figureWarnings(
  model: Model,
  scope: InferredScope,
  figures: { readonly cost: GraphCost; readonly unknownValues: number; readonly skippedBytes: number },
): readonly InspectWarning[] {
  const { cost, unknownValues, skippedBytes } = figures;
  const warnings: InspectWarning[] = [];
  const nodes = cost.unknownMacs.shape + cost.unknownMacs['trip-count'] + cost.unknownMacs.operator;
  const isIncomplete = nodes + cost.unknownBytes + unknownValues > 0;
  const dimensions = isIncomplete ? openDimensions(model, scope) : [];
  if (dimensions.length > 0) warnings.push({ code: 'dimensions-open', details: { dimensions } });
  if (nodes > 0) {
    const { shape, 'trip-count': tripCount, operator } = cost.unknownMacs;
    warnings.push({ code: 'macs-incomplete', details: { nodes, shape, tripCount, operator } });
  }
  if (unknownValues > 0) warnings.push({ code: 'peak-incomplete', details: { values: unknownValues } });
  if (skippedBytes > 0) warnings.push({ code: 'duplicates-skipped', details: { bytes: skippedBytes } });
  return warnings;
}

/** Symbols of inputs that have no length yet. */
function openDimensions({ graph }: Model, { types }: InferredScope): readonly string[] {
  const symbols = graph.inputs
    .flatMap((value) => types.get(value)?.shape ?? [])
    .filter((dim) => typeof dim === 'string');
  return [...new Set(symbols)];
}
