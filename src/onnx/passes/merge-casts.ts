import type { DataType } from '../data-type.ts';
import { bitsOf } from '../data-type.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { inferTypes } from '../shape/infer-types.ts';
import { allGraphs } from '../traverse.ts';
import type { Value } from '../value.ts';
import { hasReferences } from './constant-of.ts';
import { redirect } from './redirect.ts';
import { repeatUntilUnchanged } from './repeat-until-unchanged.ts';

/**
 * Merges two Casts, in every graph, when the first holds every element exactly (float16 -> float32, int32 -> int64,
 * uint8 -> float16, bool -> anything):
 * - back to the first type: neither is left;
 * - on to another type: the second casts from the first type, as long as both ways must give the same.
 *
 * Left alone: a first Cast that may round or wrap (float32 -> float16 -> float32 does something), floats on to
 * integers, where what is out of range depends on the type it comes from, strings, 8-bit floats and types of less than
 * a byte, and values whose types are not known.
 */
export const mergeCasts: PurePass = {
  name: 'merge-casts',
  apply(model) {
    const types = inferTypes(model);
    const typeOf: TypeOf = (value) => types.get(value)?.elementType ?? null;
    return repeatUntilUnchanged(() => {
      let changed = false;
      for (const graph of allGraphs(model)) {
        for (const node of graph.nodes()) if (mergeWithFirst(node, typeOf)) changed = true;
      }
      return changed;
    });
  },
};

type TypeOf = (value: Value) => DataType | null;

function mergeWithFirst(last: Node, typeOf: TypeOf): boolean {
  const between = last.input(0);
  const first = between?.producer ?? null;
  const source = first?.input(0) ?? null;
  const result = last.output(0);
  if (between === null || first === null || source === null || result === null) return false;
  if (!isCast(last) || !isCast(first) || first.graph !== last.graph) return false;
  const [from, through, to] = [typeOf(source), typeOf(between), typeOf(result)];
  if (from === null || through === null || to === null || !canSkip({ from, through, to })) return false;
  if (from === to && redirect(result, source)) last.graph?.remove(last);
  else last.setInput(0, source);
  if (between.isUnused) first.graph?.remove(first);
  return true;
}

function isCast(node: Node): boolean {
  return node.is('Cast') && !hasReferences(node);
}

interface Route {
  readonly from: DataType;
  readonly through: DataType;
  readonly to: DataType;
}

function canSkip({ from, through, to }: Route): boolean {
  if (from === through || !fits(from, through)) return false;
  if (to === from || to === 'bool') return true;
  if (precisionOf(to) !== null) {
    // A 16-bit float is made by way of float32: rounded once only if nothing is lost on the way there.
    return bitsOf(to) > 16 || from === 'float32' || fits(from, 'float32');
  }
  if (integerOf(to) === null || precisionOf(from) !== null) return false;
  return precisionOf(through) === null || fits(from, to);
}

/** Whether a type can hold every element of another. */
function fits(from: DataType, to: DataType): boolean {
  const [source, target] = [integerOf(from), integerOf(to)];
  const precision = precisionOf(to);
  if (from === 'bool') return target !== null || precision !== null;
  if (source === null) return isWiderFloat(from, to);
  if (target !== null) return target.digits >= source.digits && (target.isSigned || !source.isSigned);
  return precision !== null && precision >= source.digits;
}

function isWiderFloat(from: DataType, to: DataType): boolean {
  return precisionOf(from) !== null && precisionOf(to) !== null && bitsOf(to) > bitsOf(from);
}

/** Significant bits of a float type, the hidden one included; null for others. */
function precisionOf(type: DataType): number | null {
  return precisions.get(type) ?? null;
}

const precisions: ReadonlyMap<DataType, number> = new Map([
  ['bfloat16', 8],
  ['float16', 11],
  ['float32', 24],
  ['float64', 53],
]);

/** Binary digits of an integer type's largest magnitude; null for others and for types of less than a byte. */
function integerOf(type: DataType): { readonly digits: number; readonly isSigned: boolean } | null {
  const isSigned = type.startsWith('int');
  if ((!isSigned && !type.startsWith('uint')) || bitsOf(type) < 8) return null;
  return { digits: bitsOf(type) - (isSigned ? 1 : 0), isSigned };
}
