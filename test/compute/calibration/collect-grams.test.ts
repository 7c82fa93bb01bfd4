import { describe, expect, it } from 'vitest';
import { collectGrams } from '../../../src/compute/calibration/collect-grams.ts';
import type { Gram } from '../../../src/compute/calibration/gram-sums.ts';
import { floats, GraphBuilder, long } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { calibrated, noise, observed } from './calibrated.ts';

/** x [n, m, 3] -> hidden [n, m, 5] -> y [n, m, 2]. */
function twoLayers(opset = 17) {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 'm', 3]);
  const hidden = g.op('Relu', [g.op('MatMul', [x, g.constant('w', noise([3, 5], 1))])], { as: 'hidden' });
  g.output(g.op('MatMul', [hidden, g.constant('v', noise([5, 2], 2))]), 'y', tensorType('float32', ['n', 'm', 2]));
  return g.model({ opset });
}

/** Grams in the order in which they come, and what is said at the end. */
async function gramsOf(options: Omit<Parameters<typeof collectGrams>[0], 'onGram'>) {
  const grams = new Map<string, Gram>();
  const outcome = await collectGrams({ ...options, onGram: (gram) => void grams.set(gram.name, gram) });
  return { grams, outcome };
}

function naive(numbers: readonly number[], columns: number) {
  const rows = numbers.length / columns;
  const at = (row: number, column: number) => numbers[row * columns + column] ?? NaN;
  const sum = (of: (row: number) => number) =>
    Array.from({ length: rows }, (_, row) => of(row)).reduce((a, b) => a + b, 0);
  return {
    rows,
    gram: Array.from({ length: columns ** 2 }, (_, i) =>
      sum((row) => at(row, Math.floor(i / columns)) * at(row, i % columns)),
    ),
    absMeans: Array.from({ length: columns }, (_, column) => sum((row) => Math.abs(at(row, column))) / rows),
  };
}

const allClose = (found: Float64Array | undefined, expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  for (const [i, number] of expected.entries()) expect(found?.[i]).toBeCloseTo(number, 2);
};

describe('collectGrams', () => {
  it.each([
    { mostBytes: 1, runs: 3, passes: 3 },
    { mostBytes: 2 ** 20, runs: 3, passes: 1 },
    // A matrix is fetched after 32 runs: exactly then, and once more.
    { mostBytes: 2 ** 20, runs: 32, passes: 1 },
    { mostBytes: 2 ** 20, runs: 70, passes: 1 },
  ])('adds up what a naive sum adds up: %o', async ({ mostBytes, runs, passes }) => {
    const model = twoLayers();
    const feeds = Array.from({ length: runs }, (_, seed) => ({ x: noise([1 + (seed % 2), 1 + (seed % 5), 3], seed) }));
    const values = ['x', 'hidden', 'y'];
    const told = new Set<number>();
    const onProgress = (progress: { readonly passes: number }) => told.add(progress.passes);
    const { grams, outcome } = await gramsOf({ ...calibrated(model, feeds), values, mostBytes, onProgress });
    expect(outcome).toEqual({ neverSeen: [], refused: [], notFinite: [] });
    expect([...told]).toEqual([passes]);
    const real = await observed(model, feeds, values);
    for (const [name, columns] of Object.entries({ x: 3, hidden: 5, y: 2 })) {
      const expected = naive(real.get(name)?.flatMap(({ data }) => data) ?? [], columns);
      const gram = grams.get(name);
      expect(gram).toMatchObject({ columns, rows: expected.rows });
      allClose(gram?.gram, expected.gram);
      allClose(gram?.absMeans, expected.absMeans);
    }
  });

  it('leaves out empty runs and those that are not finite', async () => {
    const good = { x: noise([2, 3, 3], 1) };
    const feeds = [{ x: floats([2, 0, 3], []) }, good, { x: floats([1, 1, 3], [1, NaN, 2]) }, good];
    const { grams, outcome } = await gramsOf({ ...calibrated(twoLayers(11), feeds), values: ['x', 'inner'] });
    expect(outcome).toEqual({ neverSeen: ['inner'], refused: [], notFinite: [{ name: 'x', run: 2, runs: 1 }] });
    const { x } = good;
    const expected = naive(
      [x, x].flatMap(({ data }) => Array.from<unknown, number>(data, Number)),
      3,
    );
    expect(grams.get('x')).toMatchObject({ columns: 3, rows: 12 });
    allClose(grams.get('x')?.gram, expected.gram);
    const none = await gramsOf({ ...calibrated(twoLayers(), feeds.slice(0, 1)), values: ['x', 'hidden'] });
    expect(none).toEqual({ grams: new Map(), outcome: { neverSeen: ['x', 'hidden'], refused: [], notFinite: [] } });
    const bad = await gramsOf({ ...calibrated(twoLayers(), feeds.slice(2, 3)), values: ['x'] });
    expect(bad).toMatchObject({ grams: new Map(), outcome: { neverSeen: [], notFinite: [{ name: 'x' }] } });
  });

  it('lists what has no matrix', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    const parts = g.op('SplitToSequence', [x, g.constant('size', long(2))], { as: 'parts' });
    g.output(g.op('SequenceAt', [parts, g.constant('at', long(0))]), 'y', tensorType('float32', [2]));
    const feeds = [{ x: floats([4], [1, 2, 3, 4]) }];
    const { grams, outcome } = await gramsOf({ ...calibrated(g.model(), feeds), values: ['parts', 'y'] });
    expect(outcome.refused).toEqual(['parts']);
    expect(grams.get('y')).toMatchObject({ rows: 1, columns: 2, gram: Float64Array.of(1, 2, 2, 4) });
  });
});
