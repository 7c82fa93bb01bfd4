/** A weight `[K, N]` in memory. */
export interface WeightMatrix {
  readonly data: Float32Array;
  readonly k: number;
  readonly n: number;
  /** Whether `data` is `[N, K]`: an embedding table, or Gemm's B under transB. */
  readonly isTransposed: boolean;
}

/** Some columns of a weight as rows, each contiguous. */
export interface ColumnPanel {
  /** First column. */
  readonly from: number;
  readonly count: number;
  /** Column `from + i` is at `offset + i * k`. Only valid until the next panel is asked for. */
  readonly rows: Float32Array;
  readonly offset: number;
}

/** Columns at a time: 256 bytes of each of the weight's rows, four lines of cache. */
const panelColumns = 64;

/** Rows of the weight at a time: what is read stays in the first cache until all of its columns are written. */
const tileRows = 16;

/** A weight's columns, panel by panel. Reads the weight once, in order of memory as far as its layout allows. */
export function* columnPanels(matrix: WeightMatrix): Generator<ColumnPanel, void, undefined> {
  const { data, k, n, isTransposed } = matrix;
  const buffer = new Float32Array(isTransposed ? 0 : Math.min(panelColumns, n) * k);
  for (let from = 0; from < n; from += panelColumns) {
    const count = Math.min(panelColumns, n - from);
    if (isTransposed) yield { from, count, rows: data, offset: from * k };
    else {
      transpose(matrix, { from, count, rows: buffer, offset: 0 });
      yield { from, count, rows: buffer, offset: 0 };
    }
  }
}

function transpose({ data, k, n }: WeightMatrix, { from, count, rows }: ColumnPanel): void {
  for (let top = 0; top < k; top += tileRows) {
    const bottom = Math.min(top + tileRows, k);
    for (let column = 0; column < count; column++) {
      let source = top * n + from + column;
      const target = column * k;
      for (let row = top; row < bottom; row++) {
        rows[target + row] = data[source] ?? 0;
        source += n;
      }
    }
  }
}
