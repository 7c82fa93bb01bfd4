import { markNodes } from '../../compute/owners/mark-nodes.ts';
import { copyModel } from '../../compute/copy-model.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { removeUnusedInitializers } from '../../onnx/passes/remove-unused-initializers.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import type { CandidatePlan } from '../plan/candidate-plan.ts';
import { allNodesByKey } from '../rewrite/node-key.ts';
import type { DynamicRule } from '../rewrite/rewrite-dynamic.ts';
import { DynamicRewriter } from '../rewrite/rewrite-dynamic.ts';
import { rewriteStatic } from '../rewrite/rewrite-static.ts';
import type { BiasCorrections } from '../smooth/correct-bias.ts';
import { correctBias } from '../smooth/correct-bias.ts';
import type { Treatment } from '../vocabulary.ts';

export interface BuildOptions {
  /** Scale and zero point of a value by name; null where none is known. */
  parametersOf(value: string): QuantizationParameters | null;
  readonly perChannel: boolean;
  /** 7-bit weights. */
  readonly reduced: boolean;
  /** The same two of products that quantize while they run, where they differ. */
  readonly dynamic?: DynamicRule;
  /** What to add to the biases of layers that are quantized by ranges; nothing unless given. */
  readonly corrections?: BiasCorrections;
  /** Rewrites nodes by blocks, or their weights alone; returns those that it did. */
  rewriteWeights(model: Model, nodes: readonly Node[], treatment: 'blocks' | 'weights'): ReadonlySet<Node>;
  /** Names nodes by their place, to find them in profiles. */
  readonly marked?: boolean;
}

export interface BuiltCandidate {
  readonly model: Model;
  /** What was really done, by key. */
  readonly done: ReadonlyMap<string, Treatment>;
  /** Keys of nodes whose values' ranges are not known, with such a value. */
  readonly unknown: ReadonlyMap<string, string>;
}

/** Writes a plan into a copy of a model, which shares its constants. */
export function buildCandidate(prepared: Model, plan: CandidatePlan, options: BuildOptions): BuiltCandidate {
  const model = copyModel(prepared);
  if (options.marked === true) markNodes(model);
  const nodes = allNodesByKey(model);
  const keysOf = (treatment: Treatment) =>
    [...plan.treatments].flatMap(([key, wanted]) => (wanted === treatment ? [key] : []));
  const statics = new Set(keysOf('static'));
  correctBias(model, new Map([...(options.corrections ?? [])].filter(([key]) => statics.has(key))));
  const { quantized, unknown } = rewriteStatic(model, {
    nodes: statics,
    chained: biasedProducts(nodes),
    parametersOf: (value) => options.parametersOf(value),
    perChannel: options.perChannel,
    reduced: options.reduced,
  });
  const done = new Map<string, Treatment>([...quantized].map((key) => [key, 'static']));
  const dynamic = new DynamicRewriter(options.dynamic ?? options);
  for (const key of keysOf('dynamic')) {
    const node = nodes.get(key);
    if (node !== undefined && dynamic.rewrite(node)) done.set(key, 'dynamic');
  }
  for (const treatment of ['blocks', 'weights'] as const) {
    const wanted = keysOf(treatment).flatMap((key) => {
      const node = nodes.get(key);
      return node === undefined ? [] : [{ key, node }];
    });
    const rewritten = options.rewriteWeights(
      model,
      wanted.map(({ node }) => node),
      treatment,
    );
    for (const { key, node } of wanted) if (rewritten.has(node)) done.set(key, treatment);
  }
  removeUnusedInitializers.apply(model);
  return { model, done, unknown };
}

/**
 * Products that a constant is added to: onnxruntime makes one float product of both, unless the product's own result is
 * quantized (MatMulAddFusion runs before the products are looked at).
 */
function biasedProducts(nodes: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const biased = new Set<string>();
  for (const [key, node] of nodes) {
    const reader = node.is('MatMul') ? (node.output(0)?.onlyUser ?? null) : null;
    if (reader?.is('Add') === true && reader.inputs.some((value) => constantOf(value) !== null)) biased.add(key);
  }
  return biased;
}
