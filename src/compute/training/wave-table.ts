import { numbersOf } from '../../onnx/tensor-types/numbers-of.ts';
import type { Tensor } from '../../onnx/tensor.ts';

/** Fewer rows tell too little. */
const fewestRows = 8;

/** The first rows tell enough. */
const mostRows = 64;

/** Share of a table that may differ from waves: what float16 leaves of them. Learned tables differ by half and more. */
const tolerance = 1e-3;

/**
 * Whether each column of a table of numbers is a wave along the rows, as in tables of sines and cosines by position
 * (rotary and sinusoidal embeddings): rows of a wave of frequency f obey v[p+1] + v[p-1] = 2·cos(f)·v[p]. Axes before
 * the last one are rows. A table of constant columns is none.
 */
export function isWaveTable(tensor: Tensor): boolean {
  const width = tensor.dims.at(-1) ?? 0;
  const rows = Math.min(mostRows, tensor.elementCount / width);
  if (tensor.dims.length < 2 || width === 0 || rows < fewestRows) return false;
  const numbers = numbersOf(tensor.toDense());
  const columns = Array.from({ length: width }, (_, column) =>
    columnFit(Array.from({ length: rows }, (__, row) => Number(numbers[row * width + column]))),
  );
  const sum = (of: (fit: ColumnFit) => number): number => columns.reduce((total, fit) => total + of(fit), 0);
  return columns.some(({ turns }) => turns) && sum(({ rest }) => rest) <= tolerance ** 2 * sum(({ energy }) => energy);
}

interface ColumnFit {
  /** Squares of the numbers, and of what no wave explains, summed up. */
  readonly energy: number;
  readonly rest: number;
  /** Whether it goes up and down at all. */
  readonly turns: boolean;
}

/** The wave of least squares. */
function columnFit(column: readonly number[]): ColumnFit {
  const inner = column.slice(1, -1);
  const around = inner.map((_, index) => (column[index] ?? 0) + (column[index + 2] ?? 0));
  const energy = squares(inner);
  const products = inner.reduce((total, number, index) => total + number * (around[index] ?? 0), 0);
  const twiceCosine = energy === 0 ? 0 : products / energy;
  const rest = squares(inner.map((number, index) => (around[index] ?? 0) - twiceCosine * number));
  return { energy, rest, turns: energy > 0 && Math.abs(twiceCosine) < 1.999 };
}

function squares(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number ** 2, 0);
}
