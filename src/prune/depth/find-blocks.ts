import type { Model } from '../../onnx/model.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';
import { blockOf } from './block-span.ts';
import { DataFlow } from './data-flow.ts';
import { findResiduals } from './find-residuals.ts';
import { groupLayers } from './group-layers.ts';
import type { ResidualBlock } from './residual-block.ts';
import { StreamShapes } from './stream-shapes.ts';
import { withoutNested } from './without-nested.ts';

/**
 * Residual blocks of the main graph in order, whole layers where several blocks repeat as one (attention and a
 * feed-forward network). A block is what lies between a stream of activations and its next sum: all that is made of
 * the stream and needed by the sum. What else the block reads, such as masks, positions or an encoder's output, comes
 * from the side and ties nothing; what else is made of its inside locks it.
 *
 * @param model every node of the main graph has a name of its own
 * @param shapes of graph inputs and of all that nodes of the main graph make, by name, from a run
 */
export function findBlocks(model: Model, shapes: ReadonlyMap<string, TensorShape>): readonly ResidualBlock[] {
  const flow = new DataFlow(model);
  const residuals = withoutNested(findResiduals({ flow, shapes: new StreamShapes(model, shapes) }), flow);
  return groupLayers(residuals).map((span) => blockOf(span, flow));
}
