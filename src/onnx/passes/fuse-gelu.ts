import { attributeOf } from '../attribute.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import type { Value } from '../value.ts';
import { constantOperationOf, isClose, scalarOperandOf } from './constant-operation.ts';
import type { ShapeOf } from './inferred-shapes.ts';
import { inferredShapes } from './inferred-shapes.ts';
import type { Product } from './product-of.ts';
import { productOf } from './product-of.ts';
import { replacePattern } from './replace-pattern.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/** Operator set that has Gelu. */
const geluOpset = 20;

/** Factor of the cube in the approximation by tanh. */
const cubeFactor = 0.044715;

/**
 * A Gelu that is spelled out becomes one (D. Hendrycks and K. Gimpel, Gaussian Error Linear Units, 2016, section 2):
 * - `0.5 * x * (1 + Erf(x / sqrt(2)))`;
 * - `0.5 * x * (1 + Tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))`, as `approximate = 'tanh'`.
 * Factors may be multiplied in any order, divided by where constant, and the cube be a Pow or a product.
 *
 * Left alone: other types than float32; other constants; a step that somebody else reads or the graph returns; operator
 * sets before 20, which have no such operator; function bodies.
 */
export const fuseGelu: PurePass = {
  name: 'fuse-gelu',
  apply(model) {
    const shapeOf = inferredShapes(model);
    return rewriteNodes(model, (node) => node.is('Mul', 'Div') && fuse(node, shapeOf), { since: geluOpset });
  },
};

function fuse(root: Node, shapeOf: ShapeOf): boolean {
  const product = productOf(root, shapeOf);
  if (product === null || product.factors.length !== 2 || !isClose(product.scale, 0.5)) return false;
  for (const [index, gate] of product.factors.entries()) {
    const input = product.factors[1 - index];
    const found = input === undefined ? null : gateOf(gate, input, shapeOf);
    if (input === undefined || found === null) continue;
    const attributes = found.isTanh ? [attributeOf.string('approximate', 'tanh')] : [];
    const nodes = [...product.nodes, ...found.nodes];
    if (replacePattern({ root, nodes }, { op: 'Gelu', inputs: [input], attributes })) return true;
  }
  return false;
}

interface Gate {
  readonly isTanh: boolean;
  /** Readers first. */
  readonly nodes: readonly Node[];
}

/** `1 + Erf(...)` or `1 + Tanh(...)` of what a Gelu of `input` takes there. */
function gateOf(gate: Value, input: Value, shapeOf: ShapeOf): Gate | null {
  const sum = gate.producer;
  const curve = sum?.is('Add') ? constantOperationOf(sum)?.input : null;
  if (!sum || !curve?.producer || scalarOperandOf(sum, curve, shapeOf) !== 1) return null;
  const inner = curve.producer.input(0)?.producer;
  const product = inner ? productOf(inner, shapeOf) : null;
  if (product === null || product.factors.length !== 1) return null;
  const nodes = [sum, curve.producer, ...product.nodes];
  if (curve.producer.is('Erf')) {
    const isGelu = product.factors[0] === input && isClose(product.scale, Math.SQRT1_2);
    return isGelu ? { isTanh: false, nodes } : null;
  }
  const cubic = curve.producer.is('Tanh') ? cubicNodes(product, input, shapeOf) : null;
  return cubic && { isTanh: true, nodes: [...nodes, ...cubic] };
}

/** The nodes of `x + 0.044715 * x^3` in `sqrt(2 / pi) * (...)`. */
function cubicNodes({ factors, scale }: Product, input: Value, shapeOf: ShapeOf): readonly Node[] | null {
  const sum = factors[0]?.producer;
  if (!sum?.is('Add') || !isClose(scale, Math.sqrt(2 / Math.PI))) return null;
  const cube = sum.inputs.find((value) => value !== input)?.producer;
  const product = cube && sum.inputs.includes(input) ? productOf(cube, shapeOf) : null;
  if (product === null || !isClose(product.scale, cubeFactor)) return null;
  const powers = product.factors.length === 3 ? product : cubeOf(product, shapeOf);
  if (powers === null || powers.factors.some((factor) => factor !== input)) return null;
  return [sum, ...new Set([...product.nodes, ...powers.nodes])];
}

/** `Pow(x, 3)` as a product. */
function cubeOf({ factors }: Product, shapeOf: ShapeOf): Product | null {
  const power = factors.length === 1 ? factors[0]?.producer : null;
  const base = power?.is('Pow') ? power.input(0) : null;
  if (!power || !base || scalarOperandOf(power, base, shapeOf) !== 3) return null;
  return { factors: [base, base, base], scale: 1, nodes: [power] };
}
