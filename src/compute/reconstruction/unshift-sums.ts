import type { LayerSums } from './layer-sums.ts';

/** What was subtracted from every row, of all groups. */
export interface Shift {
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
}

/**
 * Makes sums over shifted rows those over the rows themselves, in place: with u = x - a and v = z - b,
 * sum x z' = sum u v' + a (sum v)' + (sum u) b' + N a b'.
 */
export function unshift(sums: LayerSums, { inputs, targets }: Shift): void {
  const { groups, columns, outputs, rows, gram, cross, inputSums, targetSums, targetSquares } = sums;
  for (let group = 0; group < groups; group++) {
    const x = sideOf(inputs, inputSums, { group, length: columns, rows });
    const z = sideOf(targets, targetSums, { group, length: outputs, rows });
    addProducts(gram.subarray(group * columns * columns), x, x);
    addProducts(cross.subarray(group * columns * outputs), x, z);
  }
  for (const [i, b] of targets.entries())
    targetSquares[i] = (targetSquares[i] ?? 0) + squareGrowth(b, targetSums[i], rows);
  addTimes(inputSums, inputs, rows);
  addTimes(targetSums, targets, rows);
}

/** One side of a product: what was subtracted, the sums of what was left, and N times the shift with them. */
interface Side {
  readonly shift: Float64Array;
  readonly left: Float64Array;
  readonly whole: Float64Array;
}

interface Part {
  readonly group: number;
  readonly length: number;
  readonly rows: number;
}

function sideOf(shifts: Float64Array, sums: Float64Array, { group, length, rows }: Part): Side {
  const shift = shifts.subarray(group * length, (group + 1) * length);
  const left = sums.slice(group * length, (group + 1) * length);
  const whole = left.map((sum, i) => sum + rows * (shift[i] ?? 0));
  return { shift, left, whole };
}

/** a (sum v + N b)' + (sum u) b' */
function addProducts(product: Float64Array, x: Side, z: Side): void {
  const width = z.shift.length;
  for (const [i, a] of x.shift.entries()) {
    const u = x.left[i] ?? 0;
    for (let j = 0; j < width; j++) {
      const at = i * width + j;
      product[at] = (product[at] ?? 0) + a * (z.whole[j] ?? 0) + u * (z.shift[j] ?? 0);
    }
  }
}

function squareGrowth(shift: number, sum = 0, rows: number): number {
  return 2 * shift * sum + rows * shift * shift;
}

function addTimes(sums: Float64Array, shift: Float64Array, rows: number): void {
  for (const [i, by] of shift.entries()) sums[i] = (sums[i] ?? 0) + rows * by;
}
