import type { Column } from './grid.ts';

/** A column as what it shows of a row; `dropOrder` is 0 unless given. */
export type RowColumn<Row> = readonly [
  header: string,
  align: Column['align'],
  text: (row: Row) => string,
  dropOrder?: number,
];

/** Columns of a grid with a line for each row. */
export function columnsOf<Row>(rows: readonly Row[], columns: readonly RowColumn<Row>[]): readonly Column[] {
  return columns.map(([header, align, text, dropOrder = 0]) => ({
    header: [header],
    align,
    dropOrder,
    cells: rows.map((row) => ({ text: text(row) })),
  }));
}
