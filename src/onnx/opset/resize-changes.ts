import { attributeOf } from '../attribute.ts';
import { floats } from '../graph-builder.ts';
import type { Node } from '../node.ts';
import { constantOf } from '../passes/constant-of.ts';
import { tensorOfNumbers } from '../tensor-types/tensor-of-numbers.ts';
import { insertConstant } from './insert-node.ts';
import type { OperatorChange } from './operator-change.ts';

/** From this version on Resize may go without a region of interest. */
const versionOfOptionalRoi = 13;

/** Upsample's scales, first an attribute. */
export const upsampleScalesToInput: OperatorChange = {
  problem: (node) => (node.attributes.get('scales')?.kind === 'floats' ? null : "attribute 'scales' is not a list"),
  apply(node, scope) {
    const scales = node.attributes.get('scales');
    if (scales?.kind !== 'floats') return;
    const content = tensorOfNumbers('float32', [scales.value.length], scales.value);
    node.setInput(1, insertConstant(node, { role: 'scales', content }, scope));
    node.removeAttribute('scales');
  },
};

/**
 * Version 11 let Resize choose how places of the output are found in the input; before it they were scaled as they
 * are. Which neighbor is nearest was said nowhere: onnxruntime takes the one before when an axis grows, and the one
 * behind when it shrinks.
 */
export const resizeModes: OperatorChange = {
  problem(node) {
    if (node.string('mode', 'nearest') !== 'nearest' || nearestMode(node) !== null) return null;
    return 'nearest neighbors depend on whether axes grow or shrink: scales must be constant, all of at least or at most 1';
  },
  apply(node, scope) {
    const [input = null, scales = null] = node.inputs;
    const needsRoi = scope.target < versionOfOptionalRoi;
    const roi = needsRoi ? insertConstant(node, { role: 'roi', content: floats([0], []) }, scope) : null;
    // What was an Upsample never shrinks an axis.
    const nearest = nearestMode(node) ?? 'floor';
    node.setInputs([input, roi, scales]);
    node.setAttribute(attributeOf.string('coordinate_transformation_mode', 'asymmetric'));
    node.setAttribute(attributeOf.string('nearest_mode', nearest));
  },
};

function nearestMode(node: Node): 'floor' | 'ceil' | null {
  const tensor = constantOf(node.input(1));
  if (tensor?.type !== 'float32') return null;
  const scales = Array.from(tensor.toDense().data, Number);
  if (scales.every((scale) => scale >= 1)) return 'floor';
  return scales.every((scale) => scale <= 1) ? 'ceil' : null;
}

/** Up to version 12 Resize had to be given scales, empty ones where it was given sizes. Now they are left out. */
export const resizeEmptyScales: OperatorChange = {
  apply(node) {
    if (node.input(3) === null || constantOf(node.input(2))?.elementCount !== 0) return;
    node.setInput(2, null);
  },
};
