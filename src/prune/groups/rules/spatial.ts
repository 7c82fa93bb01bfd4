import { constantOf } from '../../../onnx/passes/constant-of.ts';
import { numbersOf } from '../../../onnx/tensor-types/numbers-of.ts';
import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';
import { tieLengths } from '../tie-lengths.ts';
import { axesOf } from './axes-of.ts';
import { lockNode } from './locking.ts';

/** Samples and channels are pooled by themselves, pixels with their neighbors. */
export const pooling: GroupRule = (ties) => {
  const [x, y, places] = [ties.input(0), ties.output(0), ties.output(1)];
  for (const axis of [0, 1]) ties.tie([x, axis], [y, axis]);
  lockPixels(ties);
  if (places === null || places.isUnused) return;
  // Places are counted through the whole tensor, channels included.
  for (const value of [x, y, places]) ties.lockAll(value, 'mixes-units');
};

function lockPixels(ties: NodeTies): void {
  for (const value of [ties.input(0), ties.output(0)])
    for (let axis = 2; axis < ties.rank(value); axis++) ties.lock([value, axis], 'not-a-channel');
}

/** Channels of the image stay apart; regions take the place of samples. */
export const regions: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  ties.tie([x, 1], [y, 1]);
  lockPixels(ties);
  for (const value of [x, y]) ties.lock([value, 0], 'not-a-channel');
  for (const value of ties.node.inputs.slice(1)) ties.lockAll(value, 'not-a-channel');
};

/** Axes that keep their length keep their indices. */
export const resize: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  const isCropped = ties.node.string('coordinate_transformation_mode', '') === 'tf_crop_and_resize';
  const axes = axesOf(ties, { input: -1, rank: ties.rank(x), absent: Array.from(ties.dims(x), (_, axis) => axis) });
  if (isCropped || axes === null || ties.node.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    lockNode(ties, 'not-a-channel');
    return;
  }
  const scales = scalesOf(ties);
  for (let axis = 0; axis < ties.rank(x); axis++) {
    const scale = axes.includes(axis) ? (scales?.[axes.indexOf(axis)] ?? 1) : 1;
    if (scale === 1 && ties.length([x, axis]) === ties.length([y, axis])) ties.tie([x, axis], [y, axis]);
    else for (const value of [x, y]) ties.lock([value, axis], 'not-a-channel');
  }
  if (ties.input(3) !== null) tieLengths(ties, ties.input(3), { output: y, axes, copied: null });
};

/** Constant scales, by the position of their axis; null where there are none. */
function scalesOf(ties: NodeTies): ArrayLike<number> | null {
  const attribute = ties.node.attributes.get('scales');
  if (attribute?.kind === 'floats') return attribute.value;
  // From opset 11 on, regions come before scales.
  const tensor = constantOf(ties.input(ties.state.opset < 11 || ties.node.is('Upsample') ? 1 : 2));
  return tensor === null || tensor.elementCount === 0 ? null : numbersOf(tensor);
}

/** Blocks of channels become pixels: `blocksize` squared channels make one. */
export const depthToSpace: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  const channels = ties.length([y, 1]);
  const block = ties.node.int('blocksize', 1) ** 2;
  const isColumnFirst = ties.node.string('mode', 'DCR') === 'CRD';
  ties.tie([x, 0], [y, 0]);
  ties.tieBy([x, 1], [y, 1], (index) => (isColumnFirst ? Math.floor(index / block) : index % channels));
  lockPixels(ties);
};

export const spaceToDepth: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  const channels = ties.length([x, 1]);
  ties.tie([x, 0], [y, 0]);
  ties.tieBy([y, 1], [x, 1], (index) => index % channels);
  lockPixels(ties);
};
