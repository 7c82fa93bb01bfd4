import { findDuplicates } from './duplicates.ts';
import type { ModelConstant } from './parameters.ts';
import { largestConstants, parameterTotals } from './parameters.ts';

/** Content read to find duplicates; keeps inspecting gigabytes quick and small in memory. */
const readableBytes = 64 * 2 ** 20;

const tensorsListed = 100;
const namesListed = 5;

/** Weights and other constants: how many, of which types, the largest, and what is there more than once. */
export function describeParameters(constants: readonly ModelConstant[], rows: number) {
  const listed = Math.max(rows, tensorsListed);
  const { parameters, bytes, tensors, byType } = parameterTotals(constants);
  const duplicates = findDuplicates(constants, readableBytes);
  return {
    count: parameters,
    bytes,
    tensors,
    byType: [...byType],
    largest: largestConstants(constants, listed).map(describeTensor),
    duplicates: {
      groups: duplicates.groups.length,
      wastedBytes: duplicates.wastedBytes,
      skippedBytes: duplicates.skippedBytes,
      worst: duplicates.groups.slice(0, listed).flatMap(({ constants: [first, ...rest], wastedBytes }) => {
        if (first === undefined) return [];
        const names = [first, ...rest].slice(0, namesListed).map(({ name }) => name);
        return [{ ...describeTensor(first), tensors: rest.length + 1, names, wastedBytes }];
      }),
    },
  };
}

function describeTensor({ name, type, dims, bytes }: ModelConstant) {
  return { name, type, dims: [...dims], bytes };
}
