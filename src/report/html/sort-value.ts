import type { Column } from '../grid.ts';

/** Units of the figures in a table, each in terms of the smallest of its kind. */
const units: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
  µs: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
};

const figure =
  /^[≈<>=±]* ?([+−-]?[\d,]*\.?\d+(?:e[+-]?\d+)?) ?(B|[KMGT]iB|µs|ms|min|s|k|M|G|T|P|%|x|pt|dB)?(?= ?!?$| [[(])/;

/** What the text of a cell is sorted by: the figure it begins with, in one unit for all; null for words. */
export function sortValue(text: string): number | null {
  const [, digits = '', unit = ''] = figure.exec(text.trim()) ?? [];
  if (digits === '') return null;
  return Number(digits.replaceAll(',', '').replace('−', '-')) * (units[unit] ?? 1);
}

/** By what the cells of a column are sorted: all by words (null) unless they are figures. */
export function sortValues({ align, cells }: Column): readonly (number | null)[] {
  const values = cells.map(({ text }) => sortValue(text));
  const isFigures = align === 'right' || cells.every(({ text }, index) => values[index] !== null || isBlank(text));
  return isFigures ? values : cells.map(() => null);
}

function isBlank(text: string): boolean {
  return ['', '-', '–'].includes(text.trim());
}
