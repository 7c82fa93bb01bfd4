import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { sortTopologically } from '../../onnx/sort.ts';
import { tensorType } from '../../onnx/value-type.ts';
import { chooseKeptNodes } from './choose-kept-nodes.ts';
import { ClampLog } from './clamp-log.ts';
import { convertValues } from './convert-values.ts';
import { floatTypes } from './float-types.ts';
import type { Float16Options } from './float16-options.ts';
import type { Float16Report, KeepReason } from './float16-report.ts';
import { nodeIdentity } from './node-identity.ts';
import { OtherPrecision } from './other-precision.ts';
import type { PlannedModel } from './planned-model.ts';
import { planModel } from './planned-model.ts';
import { PrecisionPlan } from './precision-plan.ts';

/** Cast names a type by its number since then. */
const oldestOpset = 7;

/**
 * Rewrites a model of float32 to float16, in place: constants, declared types, and the nodes of all its graphs but
 * those that must stay float32, which get Casts around. Functions are left as they are, and so are values of unknown
 * type and whatever touches them. Applied to its own result it changes nothing, as long as no nodes were kept by name or
 * by ranges (ONNX operator sets 7 to 25).
 * @throws RangeError for a model of an older operator set: upgrade it first
 * @throws ModelError when a stored constant is not where the model says
 */
export function toFloat16(model: Model, options: Float16Options = {}): Float16Report {
  if (model.opset < oldestOpset) throw new RangeError(`operator set ${model.opset} is older than ${oldestOpset}`);
  const types = floatTypes(model);
  const kept = chooseKeptNodes(model, types, options);
  const plan = new PrecisionPlan(model, { types, kept, keepIo: options.keepIo ?? false });
  const planned = planModel(model, plan, types);
  // Names change on the way.
  const keptNodes = describeKept(kept);
  const log = new ClampLog();
  convertValues(planned, log);
  const others = new OtherPrecision(planned, log);
  for (const { node, index, value } of planned.uses) node.setInput(index, others.read(value));
  returnOthers(planned, others);
  removeIdleCasts(planned, kept);
  for (const graph of planned.graphs) sortTopologically(graph);
  return {
    nodes: planned.nodes.length,
    float16Nodes: planned.float16Nodes.size,
    keptNodes,
    clampedConstants: log.clamped,
    casts: others.casts,
  };
}

function describeKept(kept: ReadonlyMap<Node, KeepReason>) {
  return [...kept].map(([node, reason]) => ({ name: nodeIdentity(node), op: node.op, reason }));
}

/** Returns values in the other precision, under their own names from a model's main graph. */
function returnOthers({ returns, made }: PlannedModel, others: OtherPrecision): void {
  for (const { graph, index, value } of returns) graph.setOutput(index, others.of(value));
  const values = new Set(returns.flatMap(({ graph, value }) => (graph.parent === null ? [value] : [])));
  for (const value of values) {
    const other = others.of(value);
    const { name, declaredType, graph } = value;
    const precision = made.get(value) ?? 'float32';
    const to = precision === 'float16' ? 'float32' : 'float16';
    other.setType(tensorType(to, declaredType?.kind === 'tensor' ? declaredType.shape : null));
    value.rename(graph.names.unique(`${name}_${precision}`));
    other.rename(name);
  }
}

/** Takes away the Casts between float32 and float16 that have the same on both sides now. */
function removeIdleCasts({ nodes, made, typeOf }: PlannedModel, kept: ReadonlyMap<Node, KeepReason>): void {
  for (const node of nodes) {
    const [from, to] = [node.input(0), node.output(0)];
    if (!node.is('Cast') || kept.has(node) || from === null || to === null) continue;
    const isChanged = made.get(from) === 'float16' || made.get(to) === 'float16';
    if (!isChanged || typeOf(from) !== typeOf(to)) continue;
    to.replaceUsesWith(from);
    if (!to.isOutput) node.graph?.remove(node);
  }
}
