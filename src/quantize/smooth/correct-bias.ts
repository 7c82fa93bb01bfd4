import { attributeOf } from '../../onnx/attribute.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { convolutionOf, gemmOf, matMulOf } from '../../onnx/passes/weighted-layer.ts';
import { allNodesByKey } from '../rewrite/node-key.ts';
import { floatConstant } from '../rewrite/weights.ts';
import { rowAlong } from './along-axis.ts';
import { replaceConstant } from './replace-constant.ts';

/** What to add to the channels of layers' outputs, by the nodes' keys: the mean of float minus quantized output. */
export type BiasCorrections = ReadonlyMap<string, Float64Array>;

/**
 * Adds corrections to the biases of a float model that is going to be quantized, which takes the mean of the error
 * away that quantizing makes (Nagel et al., "Data-Free Quantization", 2019, section 4.2). Conv and Gemm get a bias
 * where they have none; a MatMul needs a constant Add behind it. Returns the keys of the layers that were corrected.
 * Throws RangeError for a correction of another length than the layer has channels.
 */
export function correctBias(model: Model, corrections: BiasCorrections): ReadonlySet<string> {
  const nodes = allNodesByKey(model);
  const corrected = new Set<string>();
  for (const [key, correction] of corrections) {
    const node = nodes.get(key);
    if (node !== undefined && correctLayer(node, correction)) corrected.add(key);
  }
  return corrected;
}

function correctLayer(node: Node, correction: Float64Array): boolean {
  const layer = convolutionOf(node) ?? gemmOf(node) ?? matMulOf(node);
  if (layer === null || layer.weight.type !== 'float32') return false;
  if (layer.channels !== correction.length)
    throw new RangeError(`'${node.name}' has ${layer.channels} channels, not ${correction.length}`);
  if (node.is('MatMul')) return correctAddBehind(node, correction);
  const data = Float32Array.from(correction, (shift, c) => (layer.bias?.[c] ?? 0) + shift);
  replaceConstant(node, 2, { dims: [data.length], data });
  if (node.is('Gemm') && node.float('beta', 1) !== 1) node.setAttribute(attributeOf.float('beta', 1));
  return true;
}

function correctAddBehind(node: Node, correction: Float64Array): boolean {
  const product = node.output(0);
  const add = product?.onlyUser ?? null;
  if (add === null || !add.is('Add') || add.graph !== node.graph) return false;
  const index = [0, 1].find((each) => constantOf(add.input(each)) !== null);
  const constant = index === undefined ? null : floatConstant(add.input(index));
  const row = constant && rowAlong(constant, correction.length);
  if (index === undefined || row === null) return false;
  replaceConstant(add, index, { dims: row.dims, data: row.data.map((term, c) => term + (correction[c] ?? 0)) });
  return true;
}
