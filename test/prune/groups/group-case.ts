import { copyModel } from '../../../src/compute/copy-model.ts';
import { observeShapes } from '../../../src/compute/observe-shapes.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import { isStaticShape } from '../../../src/onnx/value-type.ts';
import { findGroups } from '../../../src/prune/groups/find-groups.ts';
import { maskUnits } from '../../../src/prune/groups/mask-units.ts';
import type { PruneGroup, Removal } from '../../../src/prune/groups/prune-group.ts';
import { privatizeConstants } from '../../../src/prune/groups/privatize-constants.ts';
import { removeUnits } from '../../../src/prune/groups/remove-units.ts';
import type { TensorShape } from '../../../src/runtime/model-runner.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import { difference, largest, run } from '../../quantize/rewrite/run-models.ts';

const runner = inProcessRunner();
const unwritable = () => Promise.reject(new Error('the model is small'));

export interface GroupCase {
  readonly model: Model;
  readonly feeds: NamedTensors;
  readonly groups: readonly PruneGroup[];
  readonly shapes: Shapes;
}

export interface CaseOptions {
  readonly width?: boolean;
  readonly exclude?: (node: Node) => boolean;
  /** Leave shared constants shared. */
  readonly shared?: boolean;
  /** Shapes told without a run: quicker, for models of fixed lengths. */
  readonly inferred?: boolean;
}

/** Names the nodes, gives shared constants to their readers, runs the model for its shapes and finds its groups. */
export async function groupCase(model: Model, feeds: NamedTensors, options: CaseOptions = {}): Promise<GroupCase> {
  for (const node of model.graph.nodes())
    if (node.name === '') node.rename(model.graph.names.uniqueNode(node.output(0)?.name ?? node.op));
  if (options.shared !== true) privatizeConstants(model);
  const seen = options.inferred === true ? inferredShapes(model) : await observedShapes(model, feeds);
  const shapes = new Map([...seen, ...Object.entries(feeds)]);
  const { width = false, exclude = () => false } = options;
  return { model, feeds, shapes, groups: findGroups(model, { shapes, width, exclude }) };
}

type Shapes = ReadonlyMap<string, TensorShape>;

async function observedShapes(model: Model, feeds: NamedTensors): Promise<Shapes> {
  return (await observeShapes({ model, name: 'the model', runner, write: unwritable }, feeds)).values;
}

function inferredShapes(model: Model): Shapes {
  const shapes = new Map<string, TensorShape>();
  for (const [{ name }, { elementType, shape }] of inferTypes(model)) {
    if (elementType === null || !isStaticShape(shape)) throw new Error(`nothing is known of '${name}'`);
    shapes.set(name, { type: elementType, dims: shape });
  }
  return shapes;
}

/** Groups that can be pruned. */
export function openGroups({ groups }: Pick<GroupCase, 'groups'>): readonly PruneGroup[] {
  return groups.filter(({ locks, units }) => locks.length === 0 && units > 1);
}

/** Removes units for good. */
export function removed({ model, groups }: GroupCase, removal: Removal): Model {
  const copy = copyModel(model);
  removeUnits(copy, groups, removal);
  checkGraph(copy);
  return copy;
}

export interface Equality {
  /** Largest difference between removal and masking, as a share of the largest output (at least 0.1: what is left of a difference of larger numbers is rounding). */
  readonly apart: number;
  /** Elements of all constants that are left, as a share. */
  readonly kept: number;
}

/** Removes units for good and masks them, and compares what onnxruntime makes of either. */
export async function compareRemoval(found: GroupCase, removal: Removal): Promise<Equality> {
  const small = removed(found, removal);
  const masked = copyModel(found.model);
  maskUnits(masked, found.groups, removal);
  checkGraph(masked);
  const expected = await run(masked, found.feeds);
  const actual = await run(small, found.feeds);
  return {
    apart: difference(expected, actual) / Math.max(0.1, largest(expected)),
    kept: elementsOf(small) / elementsOf(found.model),
  };
}

function elementsOf({ graph }: Model): number {
  return [...graph.initializers].reduce((sum, { tensor }) => sum + (tensor?.elementCount ?? 0), 0);
}

/** Every other unit of every group that can be pruned. */
export function everyOther(found: GroupCase): Removal {
  return new Map(
    openGroups(found).map(({ id, units }) => [id, Array.from({ length: units >> 1 }, (_, i) => 2 * i + 1)]),
  );
}
