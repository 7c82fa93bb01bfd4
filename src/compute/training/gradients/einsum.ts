import type { Einsum } from '../../../onnx/shape/einsum.ts';
import { parseEinsum } from '../../../onnx/shape/einsum.ts';
import type { Expr } from '../../expressions/expr.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** Sums of products along labeled axes: an operand's gradient is one of the result's gradient and the other operands. */
export const einsumRules: GradientRules = new Map([['Einsum', rule(einsumBack, einsumProblem)]]);

function einsumProblem(view: NodeGradient): string | null {
  const { operands = [], output = [] } = parsed(view) ?? {};
  if (operands.length === 0) return 'its equation does not fit its inputs';
  if (operands.some((labels) => new Set(labels).size < labels.length)) return 'it reads a diagonal';
  return new Set([...operands.flat(), ...output]).size > letters.length ? 'it has too many axes' : null;
}

function einsumBack(view: NodeGradient): void {
  const equation = parsed(view);
  for (const index of equation?.operands.keys() ?? [])
    if (equation !== null) view.give(index, () => operandGradient(view, equation, index));
}

function operandGradient(view: NodeGradient, { operands, output, lengths }: Einsum, index: number): Expr {
  const { e } = view;
  const own = operands[index] ?? [];
  const others = operands.flatMap((labels, other) => (other === index ? [] : [{ labels, x: view.input(other) }]));
  const terms = [{ labels: output, x: view.gradient() }, ...others];
  const lengthOf = (label: string): number => Number(lengths.get(label) ?? 1);
  // An axis that no other term has is summed up by the node: all of its elements get the same.
  const shared = own.filter((label) => terms.some(({ labels }) => labels.includes(label)));
  const names = nameAll([...operands.flat(), ...output]);
  const write = (labels: readonly string[]): string => labels.map((label) => names.get(label) ?? '').join('');
  const product = e.op(
    'Einsum',
    terms.map(({ x }) => x),
    {
      type: view.input(index).type,
      dims: shared.map(lengthOf),
      attributes: { equation: `${terms.map(({ labels }) => write(labels)).join()}->${write(shared)}` },
    },
  );
  const apart = e.reshape(
    product,
    own.map((label) => (shared.includes(label) ? lengthOf(label) : 1)),
  );
  return e.unbroadcast(e.expand(apart, own.map(lengthOf)), view.input(index).dims);
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Letters for labels, as those that an ellipsis stands for have none. */
function nameAll(labels: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...new Set(labels)].map((label, index) => [label, letters[index] ?? '']));
}

function parsed(view: NodeGradient): Einsum | null {
  const shapes = view.node.inputs.map((_, index) => view.input(index).dims);
  return parseEinsum(view.node.string('equation', ''), shapes);
}
