import type { DataType } from '../data-type.ts';

/** An element of small content: a number, a symbolic length (never negative), or unknown. */
export type Element = number | string | null;

/** Rounds or refuses a result as the element type does; null where it would overflow or is no number. */
export type Fit = (value: number) => number | null;

const fits: Readonly<Partial<Record<DataType, Fit>>> = {
  // Adding 0 turns the -0 of a division into 0.
  int64: (value) => (Number.isSafeInteger(value) ? value + 0 : null),
  int32: (value) => (Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value + 0 : null),
  float64: finite,
  float32: (value) => finite(Math.fround(value)),
};

/** How results of arithmetic are stored; undefined for types that take part in no shape. */
export function fitOf(type: DataType): Fit | undefined {
  return fits[type];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

type Binary = (a: number, b: number, isInteger: boolean) => number;

/** Operations on two numbers. Integer division truncates, as C++ and onnxruntime do. */
const numeric: Readonly<Record<string, Binary>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b, isInteger) => (isInteger ? Math.trunc(a / b) : a / b),
  // The sign of the divisor, as Python does.
  Mod: (a, b, isInteger) => (isInteger ? ((a % b) + b) % b : NaN),
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b),
};

/** One of the operations of {@link numeric} on elements that may be symbols. */
export function arithmetic(op: string, type: DataType): ((a: Element, b: Element) => Element) | null {
  const compute = numeric[op];
  const fit = fitOf(type);
  if (compute === undefined || fit === undefined) return null;
  const isInteger = type === 'int64' || type === 'int32';
  return (a, b) => {
    if (a === null || b === null) return a === 0 || b === 0 ? annihilated(op) : null;
    if (typeof a === 'string' || typeof b === 'string') return symbolic(op, a, b);
    return isExact(a) && isExact(b) ? fit(compute(a, b, isInteger)) : null;
  };
}

/** Numbers read from int64 are rounded beyond 2^53; nothing is computed from those. */
function isExact(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}

function annihilated(op: string): Element {
  return op === 'Mul' ? 0 : null;
}

/** What is certain of a symbol, whatever length it stands for. */
function symbolic(op: string, a: number | string, b: number | string): Element {
  switch (op) {
    case 'Add':
      return neutral(a, b, 0);
    case 'Mul':
      return a === 0 || b === 0 ? 0 : neutral(a, b, 1);
    case 'Sub':
      return a === b ? 0 : keepLeft(a, b, 0);
    case 'Div':
      return keepLeft(a, b, 1);
    case 'Max':
      return a === b || (typeof b === 'number' && b <= 0) ? a : keepRight(a, b);
    case 'Min':
      return a === b ? a : null;
    default:
      return null;
  }
}

function neutral(a: number | string, b: number | string, element: number): Element {
  if (a === element) return b;
  return b === element ? a : null;
}

function keepLeft(a: number | string, b: number | string, element: number): Element {
  return b === element ? a : null;
}

function keepRight(a: number | string, b: number | string): Element {
  return typeof a === 'number' && a <= 0 ? b : null;
}

/** A comparison as 0 or 1; a symbol is a length, so it is never negative. */
export function comparison(op: string, a: Element, b: Element): Element {
  if (a === null || b === null) return null;
  if (typeof a === 'number' && typeof b === 'number') return isExact(a) && isExact(b) ? compareNumbers(op, a, b) : null;
  if (a === b) return compareNumbers(op, 0, 0);
  if (typeof b === 'number' && b < 0) return compareNumbers(op, 0, b);
  return typeof a === 'number' && a < 0 ? compareNumbers(op, a, 0) : null;
}

function compareNumbers(op: string, a: number, b: number): Element {
  switch (op) {
    case 'Equal':
      return Number(a === b);
    case 'Less':
      return Number(a < b);
    case 'LessOrEqual':
      return Number(a <= b);
    case 'Greater':
      return Number(a > b);
    default:
      return op === 'GreaterOrEqual' ? Number(a >= b) : null;
  }
}

/** An element in another type; null where the cast is not exact or not simple. */
export function castElement(element: Element, to: DataType): Element {
  if (element === null) return null;
  if (typeof element === 'string') return fitOf(to) === undefined ? null : element;
  if (to === 'bool') return Number(element !== 0);
  const fit = fitOf(to);
  if (fit === undefined) return null;
  return to === 'int64' || to === 'int32' ? castInteger(element, to) : fit(element);
}

/** Slice ends beyond 2^53 stay what they are: bounds. */
function castInteger(element: number, to: DataType): number | null {
  const whole = Math.trunc(element);
  if (to === 'int64' && Number.isInteger(element) && !Number.isSafeInteger(element)) return element;
  return fitOf(to)?.(whole) ?? null;
}
