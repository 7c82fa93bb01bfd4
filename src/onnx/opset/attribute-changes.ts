import { attributeOf } from '../attribute.ts';
import { floats } from '../graph-builder.ts';
import type { Node } from '../node.ts';
import { insertConstant } from './insert-node.ts';
import type { OperatorChange } from './operator-change.ts';

const fromCaller = (node: Node, name: string): string | null =>
  node.attributes.get(name)?.kind === 'reference' ? `the caller decides its '${name}'` : null;

/** Dropout's mask became boolean. */
export const dropoutMask: OperatorChange = {
  problem: (node) => (node.output(1)?.isUnused === false ? 'its mask, a float before, is used' : null),
  apply: (node) => node.trimOutputs(1),
};

/** Dropout's ratio, which only training uses. Without training the mask was all false and became all true. */
export const dropoutRatioToInput: OperatorChange = {
  problem: (node) =>
    node.output(1)?.isUnused === false
      ? 'its mask, which means the opposite since, is used'
      : fromCaller(node, 'ratio'),
  apply(node, scope) {
    if (!node.attributes.has('ratio')) return;
    const content = floats([], [node.float('ratio', 0.5)]);
    node.setInput(1, insertConstant(node, { role: 'ratio', content }, scope));
    node.removeAttribute('ratio');
  },
};

const gridModes: ReadonlyMap<string, string> = new Map([
  ['bilinear', 'linear'],
  ['bicubic', 'cubic'],
]);

/** GridSample's modes got the names they have for any number of axes. */
export const gridSampleModes: OperatorChange = {
  problem: (node) => fromCaller(node, 'mode'),
  apply(node) {
    const mode = gridModes.get(node.string('mode', ''));
    if (mode !== undefined) node.setAttribute(attributeOf.string('mode', mode));
  },
};

/** RoiAlign got a shift by half a pixel, which is its default. */
export const roiAlignPlaces: OperatorChange = {
  apply: (node) => node.setAttribute(attributeOf.string('coordinate_transformation_mode', 'output_half_pixel')),
};

/** Split into equal parts has to say into how many. */
export const splitCount: OperatorChange = {
  apply(node) {
    if (node.input(1) === null) node.setAttribute(attributeOf.int('num_outputs', node.outputs.length));
  },
};

/** An operator that only got another name. */
export function renamed(op: string): OperatorChange {
  return { apply: (node) => node.setOp(op) };
}

/** A change that has no way to be made. */
export function impossible(problem: string): OperatorChange {
  return { problem: () => problem, apply: () => {} };
}
