import type { Model } from '../onnx/model.ts';
import { inferScope } from '../onnx/shape/infer-types.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import { PeakFinder } from './activation-peak.ts';
import { collectWarnings } from './collect-warnings.ts';
import { describeLayers } from './describe-layers.ts';
import { describeEnd, describeModel } from './describe-model.ts';
import { describeOperators } from './describe-operators.ts';
import { describeParameters } from './describe-parameters.ts';
import { figureWarnings } from './figure-warnings.ts';
import type { Inspection } from './inspect-result.ts';
import type { InspectedFile } from './inspected-file.ts';
import { intensityOf } from './layers.ts';
import { macDefinition, trafficDefinition } from './mac-definition.ts';
import type { GraphCost } from './model-cost.ts';
import { CostCounter, operatorName } from './model-cost.ts';
import { constantsOf } from './parameters.ts';
import { moduleTree } from './module-tree.ts';
import { labelOf } from './node-names.ts';
import { placedNodes } from './placed-nodes.ts';

export interface InspectOptions {
  /** Lengths for symbolic dimensions, by name or `INPUT#AXIS`. */
  readonly dims: Readonly<Record<string, number>>;
  /** Where the model was read from. */
  readonly file?: InspectedFile;
  /** Rows to have in the longest lists at least, where there are so many. */
  readonly rows?: number;
}

/** All that can be told of a model without running it. Reads few of its weights, at most 64 MiB of them. */
export function inspectModel(model: Model, { dims, file, rows = 0 }: InspectOptions): Inspection {
  const scope = inferScope(model, { dims });
  const nodes = [...placedNodes(model.graph, scope)];
  const costs = new CostCounter();
  const cost = costs.graph(model.graph, scope);
  const parameters = describeParameters([...constantsOf(model)], rows);
  const activations = describePeak(model, scope);
  const { skippedBytes } = parameters.duplicates;
  const warnings = [
    ...collectWarnings({ model, nodes, byType: parameters.byType, file: file ?? null }),
    ...figureWarnings(model, scope, { cost, unknownValues: activations.unknownValues, skippedBytes }),
  ];
  return {
    model: describeModel(model, nodes, file ?? null),
    dims: { ...dims },
    inputs: model.graph.inputs
      .filter((value) => !value.isInitializer)
      .map((value) => describeEnd(value, scope.types.get(value))),
    outputs: model.graph.outputs.map((value) => describeEnd(value, scope.types.get(value))),
    operators: describeOperators(nodes, cost),
    parameters,
    macs: describeMacs(cost),
    traffic: describeTraffic(cost),
    activations,
    layers: describeLayers(nodes, { model, costs, macs: cost.macs, rows }),
    tree: moduleTree(nodes, costs, rows),
    warnings: warnings.map(({ code, details }) => ({ code, details: { ...details } })),
  };
}

function describeMacs({ macs, unknownMacs }: GraphCost): Inspection['macs'] {
  const { shape, 'trip-count': tripCount, operator } = unknownMacs;
  return { definition: macDefinition, total: macs, unknown: { shape, tripCount, operator } };
}

function describeTraffic({ macs, unknownMacs, bytes, unknownBytes }: GraphCost): Inspection['traffic'] {
  const isKnown = unknownBytes + unknownMacs.shape + unknownMacs['trip-count'] + unknownMacs.operator === 0;
  return {
    definition: trafficDefinition,
    bytes,
    unknownNodes: unknownBytes,
    intensity: isKnown ? intensityOf(macs, bytes) : null,
  };
}

function describePeak(model: Model, scope: InferredScope): Inspection['activations'] {
  const { bytes, node, unknownValues } = new PeakFinder().graph(model.graph, scope);
  const at = node && { name: labelOf(node), operator: operatorName(node) };
  return { peakBytes: bytes, node: at, unknownValues };
}
