import type { DataType } from '../data-type.ts';
import { dataTypeOfNumber } from '../file/data-type-number.ts';
import { broadcastContent, broadcastShapes } from './broadcast.ts';
import type { Element } from './element-arithmetic.ts';
import { arithmetic, castElement, comparison, fitOf } from './element-arithmetic.ts';
import type { NodeView, Rule } from './node-view.ts';
import type { Content } from './tensor-info.ts';
import { tensorInfo } from './tensor-info.ts';

/** The output is like the first input, other values. */
export const likeFirst: Rule = (node) => [tensorInfo(node.type(0), node.shape(0))];

/** The output is the first input. */
export const firstItself: Rule = (node) => [node.input(0)];

/** Broadcasts all inputs; the type is the first one's that is known. */
export const broadcastAll: Rule = (node) => {
  const infos = node.inputs();
  const type = infos.find(({ elementType }) => elementType !== null)?.elementType ?? null;
  const shape = node.opset < 7 && isLimitedBroadcast(node) ? node.shape(0) : broadcastShapes(infos.map((i) => i.shape));
  return [tensorInfo(type, shape, type === null ? null : variadicContent(node, type, shape))];
};

/** Before operator set 7 the second input is stretched to the first, never the other way round. */
function isLimitedBroadcast(node: NodeView): boolean {
  return node.inputCount === 2;
}

function variadicContent(node: NodeView, type: DataType, shape: readonly (number | string | null)[] | null): Content {
  const compute = arithmetic(node.node.op, type);
  if (compute === null || node.int('fmod', 0) !== 0 || node.opset < 7) return null;
  return broadcastContent(node.inputs(), shape, ([first = null, ...rest]) => rest.reduce<Element>(compute, first));
}

/** Comparisons and logic: the inputs broadcast to a bool. */
export const broadcastToBool: Rule = (node) => {
  const infos = node.inputs();
  const shape = node.opset < 7 ? node.shape(0) : broadcastShapes(infos.map((info) => info.shape));
  const content =
    node.opset < 7 ? null : broadcastContent(infos, shape, ([a = null, b = null]) => decide(node.node.op, a, b));
  return [tensorInfo('bool', shape, content)];
};

function decide(op: string, a: Element, b: Element): Element {
  if (op === 'And') return a === 0 || b === 0 ? 0 : both(a, b, 1);
  if (op === 'Or') return a === 1 || b === 1 ? 1 : both(a, b, 0);
  if (op === 'Xor') return typeof a === 'number' && typeof b === 'number' ? Number(a !== b) : null;
  return comparison(op, a, b);
}

function both(a: Element, b: Element, value: number): Element {
  return a === value && b === value ? value : null;
}

/** Tells something of each element as a bool. */
export const toBool: Rule = (node) => [tensorInfo('bool', node.shape(0))];

export const not: Rule = (node) => [
  tensorInfo(
    'bool',
    node.shape(0),
    map(node.content(0), (e) => (typeof e === 'number' ? Number(e === 0) : null)),
  ),
];

/** Neg, Abs, Floor, Ceil: numbers are computed; a symbol is a whole number that is not negative. */
export const unaryNumber: Rule = (node) => {
  const { elementType, shape, content } = node.input(0);
  const fit = elementType === null ? undefined : fitOf(elementType);
  const computed = fit && map(content, (element) => unary(node.node.op, element, fit));
  return [tensorInfo(elementType, shape, computed ?? null)];
};

function unary(op: string, element: Element, fit: (value: number) => number | null): Element {
  if (typeof element !== 'number') return op === 'Neg' ? null : element;
  const results: Readonly<Record<string, number>> = {
    Neg: -element,
    Abs: Math.abs(element),
    Floor: Math.floor(element),
    Ceil: Math.ceil(element),
  };
  return fit(results[op] ?? NaN);
}

export const cast: Rule = (node) => castTo(node, dataTypeOfNumber(node.int('to', 0)));

export const castLike: Rule = (node) => castTo(node, node.type(1));

function castTo(node: NodeView, to: DataType | null): ReturnType<Rule> {
  const content = to === null ? null : map(node.content(0), (element) => castElement(element, to));
  return [tensorInfo(to, node.shape(0), node.type(0) === 'string' ? null : content)];
}

export const where: Rule = (node) => {
  const infos = node.inputs();
  const shape = broadcastShapes(infos.map((info) => info.shape));
  const content = broadcastContent(infos, shape, ([condition = null, yes = null, no = null]) => {
    if (condition === null) return yes === no ? yes : null;
    return condition === 1 ? yes : no;
  });
  return [tensorInfo(node.type(1) ?? node.type(2), shape, content)];
};

/** Dropout's mask is bool since operator set 10. */
export const dropout: Rule = (node) => {
  const { elementType, shape } = node.input(0);
  // In training mode other values come out.
  const isTraining = node.opset >= 12 ? node.has(2) : node.opset < 7;
  const mask = node.opset >= 10 ? 'bool' : elementType;
  return [isTraining ? tensorInfo(elementType, shape) : node.input(0), tensorInfo(mask, shape)];
};

/** Like the first input, of the type an attribute names, else of the first input's. */
export const likeFirstOfType: Rule = (node) => {
  const given = node.attribute('dtype');
  return [tensorInfo(given === null ? node.type(0) : dataTypeOfNumber(node.int('dtype', 0)), node.shape(0))];
};

function map(content: Content, change: (element: Element) => Element): Content {
  return content === null ? null : content.map((element) => change(element));
}
