import { floats, GraphBuilder } from '../../onnx/graph-builder.ts';
import type { Environment } from '../../runtime/environment.ts';
import { firstElement } from './first-element.ts';
import type { Workload } from './workload.ts';

const columns = 4096;
const elementBytes = 4;
const mib = 2 ** 20;

/**
 * Additions of two large tensors in a row, the sum taking the place of the first summand: 12 bytes an element, as
 * McCalpin's STREAM ("Memory bandwidth and machine balance in current high performance computers", 1995) counts them.
 * The summands are made in the graph from a column and a row.
 *
 * @param tensorBytes of each of the two tensors
 */
export function trafficWorkload(tensorBytes: number): Workload {
  const rows = Math.max(1, Math.round(tensorBytes / (columns * elementBytes)));
  const bytes = rows * columns * elementBytes;
  return {
    name: 'additions of large tensors',
    feeds: {
      x: floats(
        [rows, 1],
        Array.from({ length: rows }, (_, row) => 1 + (row % 8) / 8),
      ),
    },
    build: (repeats) => {
      const g = new GraphBuilder();
      const x = g.input('x', 'float32', [rows, 1]);
      const row = g.constant(
        'row',
        floats(
          [1, columns],
          Array.from({ length: columns }, (_, at) => 1 + (at % 4) / 4),
        ),
      );
      const summand = g.op('Mul', [x, row]);
      let y = g.op('Sub', [x, row]);
      for (let at = 0; at < repeats; at++) y = g.op('Add', [y, summand]);
      firstElement(g, y);
      return g.model();
    },
    // Making both summands writes them once.
    amount: (repeats) => bytes * (3 * repeats + 2),
  };
}

/**
 * Large enough that two tensors do not fit into the caches of as many cores (no processor of today has more than 12 MiB
 * a core), small enough for the memory there is. A GPU's buffers may be no larger than 128 MiB.
 */
export function trafficBytes(where: {
  readonly isCpu: boolean;
  readonly threads: number;
  readonly memory: Environment['memory'];
}): number {
  const wanted = where.isCpu ? Math.min(512 * mib, Math.max(64 * mib, 16 * mib * where.threads)) : 64 * mib;
  const free = Math.min(where.memory.availableBytes ?? where.memory.totalBytes, where.memory.limitBytes ?? Infinity);
  return Math.max(mib, Math.min(wanted, free / 8));
}
