import type { Model } from '../onnx/model.ts';
import { NodeView } from '../onnx/shape/node-view.ts';
import type { Shape } from '../onnx/value-type.ts';
import type { LayerKind } from './layer-kind.ts';
import { layerShapeOf } from './layer-kind.ts';
import { macRuleOf } from './mac-rules.ts';
import type { CostCounter } from './model-cost.ts';
import { operatorName } from './model-cost.ts';
import type { PlacedNode } from './placed-nodes.ts';
import { labelOf } from './node-names.ts';
import type { PruningObstacle } from './pruning-obstacle.ts';
import type { QuantizationObstacle } from './suitability.ts';
import { suitabilityOf } from './suitability.ts';

/** A node that carries a weight or multiplies and adds. */
export interface Layer {
  readonly name: string;
  readonly operator: string;
  readonly within: string | null;
  readonly kind: LayerKind | 'other';
  readonly outputShape: Shape;
  /** Null when not known. */
  readonly macs: number | null;
  /** Bytes read and written; null when not known. */
  readonly bytes: number | null;
  /** MACs a byte. */
  readonly intensity: number | null;
  readonly weightElements: number | null;
  readonly weightBytes: number | null;
  /** Why not; null where it could serve. */
  readonly quantization: QuantizationObstacle | null;
  readonly pruning: PruningObstacle | null;
}

/** The layer that a node is; null for any other node. */
export function layerOf(
  { node, scope, within }: PlacedNode,
  context: { readonly model: Model; readonly costs: CostCounter },
): Layer | null {
  const shape = layerShapeOf(node);
  const multiplies = macRuleOf(new NodeView(node, scope)) !== null;
  const suitability = shape && suitabilityOf(node, shape, { model: context.model, scope });
  if (suitability === null ? !multiplies : suitability.kind === 'embedding' && !isEmbedding(suitability)) return null;
  const cost = context.costs.node(node, scope);
  const macs = cost.unknownMacs.shape + cost.unknownMacs.operator > 0 ? null : cost.macs;
  const bytes = cost.unknownBytes > 0 ? null : cost.bytes;
  const output = node.output(0);
  return {
    name: labelOf(node),
    operator: operatorName(node),
    within,
    kind: suitability?.kind ?? 'other',
    outputShape: (output && scope.types.get(output)?.shape) ?? null,
    macs,
    bytes,
    intensity: intensityOf(macs, bytes),
    weightElements: suitability?.weight?.elements ?? null,
    weightBytes: suitability?.weight?.bytes ?? null,
    quantization: suitability === null ? 'no-weight' : suitability.quantization,
    pruning: suitability === null ? 'no-channels' : suitability.pruning,
  };
}

/** A Gather picks rows of a table of weights, or elements of anything: only the first is a layer. */
function isEmbedding({ quantization }: { readonly quantization: QuantizationObstacle | null }): boolean {
  return quantization !== 'weight-not-constant' && quantization !== 'weight-type' && quantization !== 'too-small';
}

/** MACs a byte; null when either is not known or nothing is moved. */
export function intensityOf(macs: number | null, bytes: number | null): number | null {
  return macs === null || bytes === null || bytes === 0 ? null : macs / bytes;
}
