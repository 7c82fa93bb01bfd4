import { InferError } from '../errors.ts';
import { sameTensor } from '../onnx/tensor-types/same-tensor.ts';
import { tensorHash } from '../onnx/tensor-types/tensor-hash.ts';
import type { Tensor } from '../onnx/tensor.ts';
import type { ModelConstant } from './parameters.ts';

/** Constants of equal content. */
export interface DuplicateGroup {
  readonly constants: readonly ModelConstant[];
  /** Bytes that all but one of them take. */
  readonly wastedBytes: number;
}

export interface Duplicates {
  /** The most wasteful first. */
  readonly groups: readonly DuplicateGroup[];
  readonly wastedBytes: number;
  /** Bytes of constants that share type and shape with others but were not read, to stay within the budget. */
  readonly skippedBytes: number;
}

/** Sharing smaller ones saves nothing worth a line. */
const smallestBytes = 64;

/**
 * Constants of equal type, shape and content. Only those are read that share type and shape with another, small ones
 * first, until `readableBytes` are used up; what cannot be read counts as skipped.
 */
export function findDuplicates(constants: readonly ModelConstant[], readableBytes: number): Duplicates {
  const groups: DuplicateGroup[] = [];
  let skippedBytes = 0;
  let left = readableBytes;
  for (const alike of groupsOfAlike(constants)) {
    const bytes = alike.reduce((sum, constant) => sum + constant.bytes, 0);
    const equal = bytes <= left ? equalOnes(alike) : null;
    if (equal === null) skippedBytes += bytes;
    else groups.push(...equal);
    left -= bytes <= left ? bytes : 0;
  }
  return {
    groups: groups.toSorted((a, b) => b.wastedBytes - a.wastedBytes),
    wastedBytes: groups.reduce((sum, group) => sum + group.wastedBytes, 0),
    skippedBytes,
  };
}

/** Constants that share type and shape, the smallest first. */
function groupsOfAlike(constants: readonly ModelConstant[]): readonly (readonly Readable[])[] {
  const groups = new Map<string, Readable[]>();
  for (const constant of constants) {
    if (constant.bytes < smallestBytes || !isReadable(constant)) continue;
    const key = `${constant.type}[${constant.dims.join()}]`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [constant]);
    else group.push(constant);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .toSorted((a, b) => (a[0]?.bytes ?? 0) - (b[0]?.bytes ?? 0));
}

type Readable = ModelConstant & { readonly tensor: Tensor };

function isReadable(constant: ModelConstant): constant is Readable {
  return constant.tensor !== null && constant.tensor.storage.kind !== 'derived';
}

/** Null when one cannot be read. */
function equalOnes(alike: readonly Readable[]): readonly DuplicateGroup[] | null {
  try {
    const byHash = new Map<string, Readable[][]>();
    for (const constant of alike) place(byHash, constant);
    return [...byHash.values()].flat().flatMap((constants) => {
      const [first] = constants;
      return first === undefined || constants.length < 2
        ? []
        : [{ constants, wastedBytes: (constants.length - 1) * first.bytes }];
    });
  } catch (error) {
    // A data file that is gone is told of elsewhere.
    if (error instanceof InferError) return null;
    throw error;
  }
}

/** Equal hashes are compared: they may clash. */
function place(byHash: Map<string, Readable[][]>, constant: Readable): void {
  const hash = tensorHash(constant.tensor);
  const groups = byHash.get(hash) ?? [];
  const group = groups.find(([first]) => first !== undefined && sameTensor(first.tensor, constant.tensor));
  if (group === undefined) groups.push([constant]);
  else group.push(constant);
  byHash.set(hash, groups);
}
