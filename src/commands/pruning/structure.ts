import { observeShapes } from '../../compute/observe-shapes.ts';
import type { Model } from '../../onnx/model.ts';
import { findGroups } from '../../prune/groups/find-groups.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import { exclusionOf } from '../../quantize/plan/exclusion.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';
import { editedModels } from '../trials/model-feeding.ts';
import { firstFeeds } from './run-dims.ts';
import type { PruneWork } from './work.ts';

/** Shapes of a model's values in a run, and what in it can be removed together. */
export interface Structure {
  readonly model: Model;
  readonly shapes: ReadonlyMap<string, TensorShape>;
  readonly groups: readonly PruneGroup[];
}

/** Runs a model once on the first samples and finds its groups. Throws what running it throws. */
export async function structureOf(work: PruneWork, model: Model): Promise<Structure> {
  work.context.onEvent({ kind: 'grouping' });
  const { width, exclude } = work.request.settings;
  const shapes = await shapesOf(work, model);
  const exclusion = exclusionOf(exclude);
  const groups = findGroups(model, { shapes, width: width !== null, exclude: (node) => exclusion.has(node) });
  return { model, shapes, groups };
}

/** Of graph inputs and of every value that a node of the main graph makes. */
export async function shapesOf(work: PruneWork, model: Model): Promise<ReadonlyMap<string, TensorShape>> {
  const feeds = await firstFeeds(work);
  const { values } = await observeShapes({ ...editedModels(work), model }, feeds);
  const inputs = Object.entries(feeds).map(([name, { type, dims }]) => [name, { type, dims }] as const);
  return new Map([...inputs, ...values]);
}
