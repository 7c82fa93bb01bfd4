import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { redirect } from '../../onnx/passes/redirect.ts';
import type { Value } from '../../onnx/value.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import { clipRangeOf, isImplied } from './clip-range.ts';
import { freeOfClip } from './free-of-clip.ts';
import { keepInFloat } from './keep-in-float.ts';
import { nodeKey } from './node-key.ts';
import { quantizeConstants } from './quantize-constants.ts';
import type { PlannedNode, StaticPlan } from './static-plan.ts';
import { activationsOf, plannedNodes, quantizedOutputsOf, tiedValues } from './static-plan.ts';
import { writePairs } from './write-pairs.ts';

export interface StaticReport {
  /** Keys of the nodes that compute with integers now, of clips that saturation does the work of among them. */
  readonly quantized: ReadonlySet<string>;
  /** Keys of planned nodes that stayed in float, with the value whose range nobody knows. */
  readonly unknown: ReadonlyMap<string, string>;
}

/**
 * Writes a plan into a model: QuantizeLinear and DequantizeLinear around the planned nodes, weights and biases as
 * integers behind a DequantizeLinear. A value is quantized once, whoever reads it. What a planned node makes is read
 * through the pair by all (onnxruntime fuses a node only when nobody reads its real output); of what a float node
 * makes, only planned nodes read the pair. Relu and Clip go where saturation does their work. Opset 13 is needed.
 */
export function rewriteStatic(model: Model, plan: StaticPlan): StaticReport {
  const planned = plannedNodes(model, plan);
  const keys = new Map([...planned.keys()].map((node) => [node, nodeKey(node)]));
  const clips = impliedClips(planned, plan);
  const parameters = remembered((value) => plan.parametersOf(clips.get(value)?.key ?? value.name));
  const unknown = dropUnknown(planned, parameters);
  const absorbed = absorbClips(clips, planned);
  const ties = tiedValues(planned.values());
  const reals = writePairs(model, { planned, ties, parameters });
  const parametersOf = (value: Value) => parameters(ties.find(value));
  quantizeConstants(planned.values(), { plan, parametersOf });
  for (const [real, each] of reals) keepInFloat(real, each);
  for (const { node, rule } of planned.values()) if (!rule.needsOutput) freeOfClip(node, parametersOf);
  const labels = (node: Node) => keys.get(node) ?? nodeKey(node);
  return {
    quantized: new Set([...[...planned.keys()].map(labels), ...absorbed]),
    unknown: new Map([...unknown].map(([node, value]) => [labels(node), value])),
  };
}

/** A Relu or Clip that the saturation of what it reads does the work of. */
interface ImpliedClip {
  readonly behind: Value;
  /** The range that counts is that of what the clip makes. */
  readonly key: string;
}

/** Clips by what they read. What moves integers shares the scale of what it reads, which knows no clip behind it. */
function impliedClips(planned: ReadonlyMap<Node, PlannedNode>, plan: StaticPlan): ReadonlyMap<Value, ImpliedClip> {
  const clips = new Map<Value, ImpliedClip>();
  for (const { node, rule, quantizesOutput } of planned.values()) {
    const made = quantizesOutput && rule.kind !== 'movement' ? node.output(0) : null;
    const clip = made?.onlyUser ?? null;
    const range = clip && clipRangeOf(clip);
    const behind = clip?.output(0) ?? null;
    if (made === null || clip === null || range === null || behind === null || clip.input(0) !== made) continue;
    const parameters = clip.graph === node.graph ? plan.parametersOf(behind.name) : null;
    if (parameters !== null && isImplied(range, parameters)) clips.set(made, { behind, key: behind.name });
  }
  return clips;
}

/** Takes the clips away behind what is still planned; returns their keys. */
function absorbClips(clips: ReadonlyMap<Value, ImpliedClip>, planned: ReadonlyMap<Node, PlannedNode>): Set<string> {
  const absorbed = new Set<string>();
  for (const [made, { behind, key }] of clips) {
    const clip = behind.producer;
    if (made.producer === null || !planned.has(made.producer) || clip === null || !redirect(behind, made)) continue;
    clip.graph?.remove(clip);
    absorbed.add(key);
  }
  return absorbed;
}

/** Writing renames values: what is asked first counts. */
function remembered(ask: ParametersOf): ParametersOf {
  const answers = new Map<Value, QuantizationParameters | null>();
  return (value) => {
    const known = answers.get(value);
    if (known !== undefined) return known;
    const answer = ask(value);
    answers.set(value, answer);
    return answer;
  };
}

type ParametersOf = (value: Value) => QuantizationParameters | null;

/** Takes nodes out of a plan until every value that is left has a known range: without one node, others are tied anew. */
function dropUnknown(planned: Map<Node, PlannedNode>, parameters: ParametersOf): ReadonlyMap<Node, string> {
  const unknown = new Map<Node, string>();
  for (;;) {
    const ties = tiedValues(planned.values());
    const before = planned.size;
    for (const each of planned.values()) {
      const values = [...activationsOf(each), ...quantizedOutputsOf(each)];
      // What is tied to an unknown value may have a range of its own, once the node between them is gone.
      const missing = values.find((value) => ties.find(value) === value && parameters(value) === null);
      if (missing === undefined) continue;
      planned.delete(each.node);
      unknown.set(each.node, missing.name);
    }
    if (planned.size === before) return unknown;
  }
}
