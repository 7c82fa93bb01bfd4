import type { Model } from '../onnx/model.ts';
import { share } from './describe-operators.ts';
import type { Inspection } from './inspect-result.ts';
import type { Layer } from './layers.ts';
import { layerOf } from './layers.ts';
import type { CostCounter } from './model-cost.ts';
import type { PlacedNode } from './placed-nodes.ts';

/** All there are in most models; a result stays small for one of 100,000 nodes. */
const layersListed = 1000;

/** Layers with what they cost and whether quantization or pruning could serve them. */
export function describeLayers(
  nodes: readonly PlacedNode[],
  context: { readonly model: Model; readonly costs: CostCounter; readonly macs: number; readonly rows: number },
): Inspection['layers'] {
  const layers = nodes.map((node) => layerOf(node, context)).filter((layer) => layer !== null);
  const heaviest = layers.toSorted(
    (a, b) => (b.macs ?? 0) - (a.macs ?? 0) || (b.weightBytes ?? 0) - (a.weightBytes ?? 0),
  );
  return {
    total: layers.length,
    quantizable: suited(layers, ({ quantization }) => quantization),
    prunable: suited(layers, ({ pruning }) => pruning),
    listed: heaviest.slice(0, Math.max(context.rows, layersListed)).map((layer) => ({
      ...layer,
      outputShape: layer.outputShape && [...layer.outputShape],
      macShare: layer.macs === null ? null : share(layer.macs, context.macs),
    })),
  };
}

/** How many layers nothing stands against, and what stands against the others. */
function suited(
  layers: readonly Layer[],
  obstacleOf: (layer: Layer) => string | null,
): Inspection['layers']['quantizable'] {
  const byObstacle = new Map<string | null, Layer[]>();
  for (const layer of layers) {
    const those = byObstacle.get(obstacleOf(layer));
    if (those === undefined) byObstacle.set(obstacleOf(layer), [layer]);
    else those.push(layer);
  }
  const obstacles = [...byObstacle].flatMap(([code, those]) =>
    code === null ? [] : [{ code, layers: those.length, weightBytes: totalBytes(those) }],
  );
  const served = byObstacle.get(null) ?? [];
  return {
    layers: served.length,
    weightBytes: totalBytes(served),
    obstacles: obstacles.toSorted((a, b) => b.layers - a.layers || (a.code < b.code ? -1 : 1)),
  };
}

function totalBytes(layers: readonly Layer[]): number {
  return layers.reduce((sum, { weightBytes }) => sum + (weightBytes ?? 0), 0);
}
