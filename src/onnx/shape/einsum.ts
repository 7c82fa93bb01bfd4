import type { Dimension, Shape } from '../value-type.ts';
import type { Rule } from './node-view.ts';
import { tensorInfo } from './tensor-info.ts';

/** An Einsum equation on given operands, ellipses written out as labels of their own. */
export interface Einsum {
  /** One label an axis, for each operand. */
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly lengths: ReadonlyMap<string, Dimension>;
}

/** Reads an equation against the shapes of its operands; null when they do not fit or a rank is unknown. */
export function parseEinsum(equation: string, shapes: readonly Shape[]): Einsum | null {
  const [left = '', right] = equation.replaceAll(/\s/g, '').split('->');
  const terms = left.split(',');
  if (terms.length !== shapes.length) return null;
  const operands = terms.map((term, index) => labelsOf(term, shapes[index] ?? null));
  if (!operands.every((labels) => labels !== null)) return null;
  const lengths = lengthsOf(operands, shapes);
  if (lengths === null) return null;
  const output = right === undefined ? implicitOutput(operands) : outputLabels(right, operands);
  return output.every((label) => lengths.has(label)) ? { operands, output, lengths } : null;
}

/** `...` stands for as many axes as are left; they are aligned at the last one, so they are numbered from there. */
function labelsOf(term: string, shape: Shape): readonly string[] | null {
  const parts = term.split('...');
  if (shape === null || parts.length > 2 || !/^[A-Za-z]*$/.test(parts.join(''))) return null;
  const [before = '', after] = parts;
  const hidden = shape.length - before.length - (after?.length ?? 0);
  if (hidden < 0 || (after === undefined && hidden !== 0)) return null;
  return [...before, ...ellipsisLabels(hidden), ...(after ?? '')];
}

function ellipsisLabels(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `...${count - index}`);
}

function hiddenOf(operands: readonly (readonly string[])[]): readonly string[] {
  const most = Math.max(0, ...operands.map((labels) => labels.filter(isHidden).length));
  return ellipsisLabels(most);
}

function isHidden(label: string): boolean {
  return label.startsWith('...');
}

function outputLabels(text: string, operands: readonly (readonly string[])[]): readonly string[] {
  const [before = '', after] = text.split('...');
  return [...before, ...(after === undefined ? [] : hiddenOf(operands)), ...(after ?? '')];
}

/** Without an arrow: the ellipsis, then every label that occurs once, in alphabetical order. */
function implicitOutput(operands: readonly (readonly string[])[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const label of operands.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const once = [...counts].filter(([label, count]) => count === 1 && !isHidden(label)).map(([label]) => label);
  return [...hiddenOf(operands), ...once.toSorted((a, b) => (a < b ? -1 : 1))];
}

/** Length of each label: axes of length 1 are stretched. */
function lengthsOf(
  operands: readonly (readonly string[])[],
  shapes: readonly Shape[],
): ReadonlyMap<string, Dimension> | null {
  const lengths = new Map<string, Dimension>();
  for (const [index, labels] of operands.entries()) {
    for (const [axis, label] of labels.entries()) {
      const dim = shapes[index]?.[axis] ?? null;
      const other = lengths.get(label) ?? (lengths.has(label) ? null : 1);
      if (typeof dim === 'number' && typeof other === 'number' && dim !== other && dim !== 1 && other !== 1)
        return null;
      lengths.set(label, stretched(other, dim));
    }
  }
  return lengths;
}

function stretched(a: Dimension, b: Dimension): Dimension {
  if (a === 1 || a === b) return b;
  if (b === 1 || typeof a === 'number') return a;
  return typeof b === 'number' ? b : null;
}

export const einsum: Rule = (node) => {
  const shapes = node.inputs().map(({ shape }) => shape);
  const parsed = parseEinsum(node.string('equation', ''), shapes);
  const shape = parsed && parsed.output.map((label) => parsed.lengths.get(label) ?? null);
  return [tensorInfo(node.type(0), shape)];
};
