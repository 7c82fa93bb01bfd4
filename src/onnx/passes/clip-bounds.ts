import type { DataType } from '../data-type.ts';
import type { Node } from '../node.ts';
import type { Value } from '../value.ts';
import { floatConstantOf, floatsOf } from './float-constant.ts';

/** Operator set since which Clip takes its bounds as inputs. */
export const clipInputsOpset = 11;

/** Stands for the largest number of the type, which a Clip takes where a bound is left out: infinity is beyond it. */
const largest = Number.MAX_VALUE;

/** `min(max(x, low), high)`; a Relu ends at infinity, a Clip with a bound left out at the type's largest number. */
export interface ClipBounds {
  readonly low: number;
  readonly high: number;
  /** Type of the bounds where they are inputs, else null. */
  readonly type: DataType | null;
}

/** Bounds of a Clip on floats, or of a Relu. Null for others, and for bounds that are not constant or contradict. */
export function clipBoundsOf(node: Node): ClipBounds | null {
  if (node.is('Relu')) return { low: 0, high: Infinity, type: null };
  if (!node.is('Clip')) return null;
  const low = boundOf(node.input(1), node.float('min', -largest));
  const high = boundOf(node.input(2), node.float('max', largest));
  if (low === null || high === null || !(low <= high)) return null;
  const type = (floatConstantOf(node.input(1)) ?? floatConstantOf(node.input(2)))?.type ?? null;
  return { low, high, type };
}

/** One clip that does what two after each other do: the ends of the first, clipped by the second. */
export function joinedBounds(first: ClipBounds, second: ClipBounds): ClipBounds {
  const clip = (value: number) => Math.min(Math.max(value, second.low), second.high);
  return { low: clip(first.low), high: clip(first.high), type: first.type ?? second.type };
}

/** Whether an end must be given: it is neither infinite nor what a Clip takes anyway. */
export function isBound(end: number): boolean {
  return Math.abs(end) < largest;
}

export function sameBounds(left: ClipBounds, right: ClipBounds): boolean {
  return left.low === right.low && left.high === right.high;
}

function boundOf(value: Value | null, attribute: number): number | null {
  if (value === null) return attribute;
  const constant = floatConstantOf(value);
  return constant?.elementCount === 1 ? (floatsOf(constant)[0] ?? null) : null;
}
