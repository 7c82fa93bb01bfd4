import { copyModel } from '../../../src/compute/copy-model.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import type { IntegerType } from '../../../src/quantize/numeric/integer-range.ts';
import type { QuantizationParameters } from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import { scaleAndZeroPoint } from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import { nodeKey } from '../../../src/quantize/rewrite/node-key.ts';
import type { StaticPlan } from '../../../src/quantize/rewrite/static-plan.ts';
import { numbers, run } from './run-models.ts';

export interface PlanOptions {
  readonly type?: IntegerType;
  readonly symmetric?: boolean;
  readonly perChannel?: boolean;
  readonly reduced?: boolean;
  /** Which nodes to plan; all unless given. */
  readonly nodes?: (node: Node) => boolean;
  readonly chained?: readonly string[];
  /** Values that no range is known of. */
  readonly unknown?: readonly string[];
}

/** A plan for a whole model by the ranges that one input shows. */
export async function planFor(model: Model, feeds: NamedTensors, options: PlanOptions = {}): Promise<StaticPlan> {
  const { type = 'uint8', symmetric = false, unknown = [], nodes = () => true } = options;
  const parameters = new Map<string, QuantizationParameters>();
  for (const [name, values] of await valuesOf(model, feeds))
    parameters.set(
      name,
      scaleAndZeroPoint({ min: Math.min(...values), max: Math.max(...values) }, { type, symmetric, reduced: false }),
    );
  return {
    nodes: new Set([...model.graph.nodes()].filter(nodes).map(nodeKey)),
    chained: new Set(options.chained),
    parametersOf: (name) => (unknown.includes(name) ? null : (parameters.get(name) ?? null)),
    perChannel: options.perChannel ?? true,
    // With 8 bits, pairs of products saturate on processors without VNNI.
    reduced: options.reduced ?? true,
  };
}

/** Every float value of a model, by name. */
async function valuesOf(model: Model, feeds: NamedTensors): Promise<Map<string, number[]>> {
  const copy = copyModel(model);
  for (const node of copy.graph.nodes())
    for (const value of node.outputs)
      if (value !== null && !value.isOutput) {
        value.setType(tensorType('float32'));
        copy.graph.addOutput(value);
      }
  const made = await run(copy, feeds);
  return new Map(Object.entries({ ...feeds, ...made }).map(([name, tensor]) => [name, numbers(tensor)]));
}
