import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layerRatios } from '../../../src/prune/numeric/layer-ratios.ts';
import { lowest, markLowestFew } from '../../../src/prune/numeric/lowest.ts';
import { magnitudeSparse } from '../../../src/prune/numeric/magnitude.ts';
import { alongInputs, holdsPattern } from '../../../src/prune/numeric/n-of-m.ts';
import { outputChange } from '../../../src/prune/numeric/output-change.ts';
import type { SparseTarget, SparseWeights, WeightRows } from '../../../src/prune/numeric/sparse-weights.ts';
import { sparseGpt } from '../../../src/prune/numeric/sparsegpt.ts';
import { wandaSparse } from '../../../src/prune/numeric/wanda.ts';
import { at, eliminate, randomGram, randomWeights, samplesOf, sumsOf } from './samples.ts';

interface Case {
  readonly weight: WeightRows;
  readonly gram: Float64Array;
  readonly squares: Float64Array;
}

function caseOf(size: Omit<WeightRows, 'data'>, seed: number): Case {
  const columns = size.inputs * size.taps;
  const gram = randomGram(columns, 2 * columns, seed);
  return {
    weight: { ...size, data: randomWeights(size.outputs * columns, seed) },
    gram,
    squares: gram.filter((_, i) => i % (columns + 1) === 0),
  };
}

const cases = fc
  .record({
    outputs: fc.integer({ min: 1, max: 8 }),
    inputs: fc.integer({ min: 1, max: 5 }).map((n) => 4 * n),
    taps: fc.constantFrom(1, 2, 3),
    seed: fc.integer(),
  })
  .map(({ seed, ...size }) => caseOf(size, seed));

function allOf({ weight, gram, squares }: Case, target: SparseTarget): readonly SparseWeights[] {
  return [magnitudeSparse(weight, target), wandaSparse(weight, target, squares), sparseGpt(weight, target, gram)];
}

describe('every method', () => {
  test('leaves exactly the share that was asked for', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true }), (drawn, ratio) => {
        const wanted = Math.round(ratio * drawn.weight.data.length);
        for (const { data, zeros } of allOf(drawn, { ratio })) {
          expect(zeros).toBe(wanted);
          expect(data.filter((w) => w === 0)).toHaveLength(wanted);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('keeps N of M neighbors along the inputs, at each tap', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom([2, 4], [1, 4], [1, 2]), (drawn, [keep = 0, of = 0]) => {
        const { outputs, inputs, taps } = drawn.weight;
        for (const { data, zeros } of allOf(drawn, { keep, of })) {
          const groups = Array.from({ length: data.length / of }, (_, place) => {
            const tap = place % taps;
            const first = Math.floor(place / taps) * of;
            const places = Array.from({ length: of }, (_, i) => (first + i) * taps + tap);
            return places.filter((i) => at(data, i) !== 0).length;
          });
          expect(new Set(groups)).toEqual(new Set([keep]));
          expect(zeros).toBe((outputs * inputs * taps * (of - keep)) / of);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('refuses patterns that do not come out even', () => {
    const drawn = caseOf({ outputs: 2, inputs: 6, taps: 2 }, 1);
    expect(holdsPattern(drawn.weight, { keep: 2, of: 4 })).toBe(false);
    expect(holdsPattern(drawn.weight, { keep: 1, of: 3 })).toBe(true);
    expect(() => magnitudeSparse(drawn.weight, { keep: 2, of: 4 })).toThrow(RangeError);
    expect(() => sparseGpt(drawn.weight, { keep: 2, of: 4 }, drawn.gram)).toThrow(RangeError);
  });
});

test('magnitude takes the smallest, the first of equal ones', () => {
  const weight = { data: Float32Array.of(3, -1, 1, 0.5, -4, 1), outputs: 2, inputs: 3, taps: 1 };
  expect(magnitudeSparse(weight, { ratio: 0.5 }).data).toEqual(Float32Array.of(3, 0, 0, 0, -4, 1));
  expect(magnitudeSparse(weight, { keep: 1, of: 3 }).data).toEqual(Float32Array.of(3, 0, 0, 0, -4, 0));
});

test('wanda ranks by weight and input within each output', () => {
  const weight = { data: Float32Array.of(3, 1, 1, 2, 2, 5, 1, 1), outputs: 2, inputs: 2, taps: 2 };
  // Norms 1, 1, 4, 4 by channel.
  const expected = Float32Array.of(0, 0, 1, 2, 0, 5, 0, 1);
  expect(wandaSparse(weight, { ratio: 0.5 }, Float64Array.of(1, 16)).data).toEqual(expected);
  expect(wandaSparse(weight, { ratio: 0.5 }, Float64Array.of(1, 1, 16, 16)).data).toEqual(expected);
  expect(() => wandaSparse(weight, { ratio: 0.5 }, new Float64Array(3))).toThrow(RangeError);
});

describe('sparseGpt', () => {
  test('is the textbook, which inverts the matrix and updates what lies behind', () => {
    // A block and four columns more, neighbors being alike and of several strengths.
    const n = 132;
    const strengths = randomWeights(n, 8);
    const gram = Float64Array.from({ length: n * n }, (_, place) => {
      const [i, j] = [Math.floor(place / n), place % n];
      return at(strengths, i) * at(strengths, j) * 0.9 ** Math.abs(i - j);
    });
    const weight = { data: randomWeights(6 * n), outputs: 6, inputs: n, taps: 1 };
    const upper = upperOfInverse(gram, n);
    for (const target of [{ ratio: 0.5 }, { ratio: 0.8 }, { keep: 2, of: 4 }]) {
      const expected = textbook(weight, upper, target);
      const found = sparseGpt(weight, target, gram).data;
      const differences = expected.map((w, i) => Math.abs(w - at(found, i)));
      expect(Math.max(...differences)).toBeLessThan(1e-4);
    }
  });

  test('changes outputs less than magnitude does, and on average less than Wanda', () => {
    const meanOf = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
    for (const ratio of [0.5, 0.7]) {
      const changes = Array.from({ length: 6 }, (_, seed) => {
        const drawn = caseOf({ outputs: 8, inputs: 20, taps: 2 }, seed);
        const { data: before, outputs } = drawn.weight;
        return allOf(drawn, { ratio }).map(({ data }) =>
          outputChange({ before, after: data, outputs, gram: drawn.gram }),
        );
      });
      for (const change of changes) expect(at(change, 2)).toBeLessThan(at(change, 0));
      const [wanda, gpt] = [1, 2].map((method) => meanOf(changes.map((change) => at(change, method))));
      expect(gpt).toBeLessThan(0.8 * (wanda ?? 0));
    }
  });

  test('what it keeps makes good what it takes: no later weight of a row could be better', () => {
    const { weight, gram } = caseOf({ outputs: 1, inputs: 8, taps: 1 }, 4);
    const { data } = sparseGpt(weight, { ratio: 0.25 }, gram);
    const gone = [...data.keys()].filter((i) => data[i] === 0);
    const first = Math.min(...gone);
    // Weights behind the last one that is gone are the best answer to all errors before.
    const free = [...data.keys()].filter((i) => i > Math.max(...gone));
    const mean = gram.filter((_, i) => i % 9 === 0).reduce((a, b) => a + b, 0) / 8;
    const h = (i: number, j: number) => at(gram, i * 8 + j) + (i === j ? 0.01 * mean : 0);
    const fixed = [...data.keys()].filter((i) => !free.includes(i));
    const error = (i: number) => at(weight.data, i) - at(data, i);
    const best = eliminate(
      free.map((i) => free.map((j) => h(i, j))),
      free.map((i) => -fixed.reduce((sum, j) => sum + h(i, j) * error(j), 0)),
    );
    expect(first).toBeGreaterThanOrEqual(0);
    expect(free.length).toBeGreaterThan(0);
    for (const [place, i] of free.entries()) expect(error(i)).toBeCloseTo(at(best, place), 4);
  });

  test('weights of inputs that are always 0 go', () => {
    const samples = samplesOf({ rows: 30, n: 8, m: 1 });
    const x = samples.x.map((value, i) => (i % 8 === 3 ? 0 : value));
    const weight = { data: randomWeights(16), outputs: 2, inputs: 8, taps: 1 };
    const { data } = sparseGpt(weight, { ratio: 0.125 }, sumsOf({ ...samples, x }).gram);
    expect([at(data, 3), at(data, 11)]).toEqual([0, 0]);
    expect(data.filter((w) => w === 0)).toHaveLength(2);
    expect(() => sparseGpt(weight, { ratio: 0.5 }, new Float64Array(9))).toThrow(RangeError);
  });
});

/** Frantar and Alistarh 2023, algorithm 1, one tap: `H^-1 = Uᵀ U`, blocks of 128. */
function textbook(weight: WeightRows, u: readonly number[][], target: SparseTarget): Float64Array {
  const { outputs, inputs: n } = weight;
  const w = Float64Array.from(weight.data);
  for (let from = 0; from < n; from += 128) {
    const end = Math.min(from + 128, n);
    const isGone = new Uint8Array(w.length);
    const score = (row: number, j: number) => (at(w, row * n + j) / at(u[j] ?? [], j)) ** 2;
    const rows = Array.from({ length: outputs }, (_, row) => row);
    if ('ratio' in target) {
      const places = rows.flatMap((row) => Array.from({ length: end - from }, (_, i) => ({ row, j: from + i })));
      const before = Math.round(target.ratio * outputs * from);
      const count = Math.round(target.ratio * outputs * end) - before;
      const ranked = places.toSorted((a, b) => score(a.row, a.j) - score(b.row, b.j));
      for (const { row, j } of ranked.slice(0, count)) isGone[row * n + j] = 1;
    }
    for (let j = from; j < end; j++) {
      if ('of' in target && j % target.of === 0)
        for (const row of rows) {
          const group = Array.from({ length: target.of }, (_, i) => j + i);
          const ranked = group.toSorted((a, b) => score(row, a) - score(row, b));
          for (const column of ranked.slice(0, target.of - target.keep)) isGone[row * n + column] = 1;
        }
      for (const row of rows) {
        const error = isGone[row * n + j] === 1 ? at(w, row * n + j) / at(u[j] ?? [], j) : 0;
        for (let k = j; k < n; k++) w[row * n + k] = at(w, row * n + k) - error * at(u[j] ?? [], k);
        if (isGone[row * n + j] === 1) w[row * n + j] = 0;
      }
    }
  }
  return w;
}

/** Rows of U, upper triangular, with `Uᵀ U` the inverse of the damped matrix. */
function upperOfInverse(gram: Float64Array, n: number): readonly number[][] {
  const mean = gram.filter((_, i) => i % (n + 1) === 0).reduce((a, b) => a + b, 0) / n;
  // Gauss and Jordan beside the identity.
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: 2 * n }, (_, j) =>
      j < n ? at(gram, i * n + j) + (i === j ? 0.01 * mean : 0) : j - n === i ? 1 : 0,
    ),
  );
  for (const [p, pivot] of rows.entries()) {
    const scale = at(pivot, p);
    for (let k = 0; k < 2 * n; k++) pivot[k] = at(pivot, k) / scale;
    for (const [i, row] of rows.entries()) {
      const factor = at(row, p);
      if (i === p || factor === 0) continue;
      for (let k = 0; k < 2 * n; k++) row[k] = at(row, k) - factor * at(pivot, k);
    }
  }
  const u = rows.map((row) => row.slice(n));
  for (const [j, row] of u.entries()) {
    const root = Math.sqrt(at(row, j));
    for (let k = 0; k < n; k++) row[k] = k < j ? 0 : at(row, k) / root;
    for (const [i, below] of u.entries())
      if (i > j) for (let k = i; k < n; k++) below[k] = at(below, k) - at(row, i) * at(row, k);
  }
  return u;
}

test('alongInputs puts the inputs of a tap together', () => {
  expect([...alongInputs({ inputs: 3, taps: 2 })]).toEqual([0, 2, 4, 1, 3, 5]);
});

test('lowest marks the exact count', () => {
  expect([...lowest(Float64Array.of(2, 1, 1, 0, 1), 3)]).toEqual([0, 1, 1, 1, 0]);
  expect([...lowest(Float64Array.of(2, 1), 0)]).toEqual([0, 0]);
  expect([...lowest(Float64Array.of(2, 1), 5)]).toEqual([1, 1]);
  const marks = Uint8Array.of(1, 1, 1);
  markLowestFew(Float64Array.of(2, 1, 1), 1, marks);
  expect([...marks]).toEqual([0, 1, 0]);
});

describe('layerRatios', () => {
  const layers = [
    randomWeights(400, 1),
    randomWeights(100, 2).map((w) => 10 * w),
    randomWeights(500, 3).map((w) => 0.1 * w),
  ];
  const goneOf = (ratios: readonly number[]) => ratios.reduce((sum, r, i) => sum + r * (layers[i]?.length ?? 0), 0);

  test('one threshold on |w| over all layers', () => {
    const ratios = layerRatios(layers, { ratio: 0.6, score: 'magnitude', mostOfLayer: 1 });
    expect(goneOf(ratios)).toBeCloseTo(600, 0);
    const all = layers.flatMap((layer, i) => [...layer].map((w) => ({ i, size: Math.abs(w) })));
    const gone = all.toSorted((a, b) => a.size - b.size).slice(0, 600);
    for (const [i, ratio] of ratios.entries())
      expect(ratio * (layers[i]?.length ?? 0)).toBeCloseTo(gone.filter((each) => each.i === i).length, 0);
    const capped = layerRatios(layers, { ratio: 0.6, score: 'magnitude' });
    expect(Math.max(...capped)).toBeLessThanOrEqual(0.95);
    expect(goneOf(capped)).toBeCloseTo(600, 0);
  });

  test('LAMP does not look at the scale of a layer', () => {
    const ratios = layerRatios(layers, { ratio: 0.5, score: 'lamp' });
    const scaled = layerRatios(
      layers.map((layer, i) => layer.map((w) => w * 4 ** i)),
      { ratio: 0.5, score: 'lamp' },
    );
    for (const [i, ratio] of ratios.entries()) expect(at(scaled, i)).toBeCloseTo(ratio, 2);
    // Written out for a layer of four.
    const [few] = [Float32Array.of(1, -2, 3, 4)];
    const lamp = [1 / 30, 4 / 29, 9 / 25, 1];
    const two = Float32Array.of(1, 3);
    const both = layerRatios([few ?? two, two], { ratio: 0.5, score: 'lamp', mostOfLayer: 1 });
    const ranked = [...lamp.map((s) => ({ s, i: 0 })), { s: 0.1, i: 1 }, { s: 1, i: 1 }].toSorted((a, b) => a.s - b.s);
    const counts = [0, 1].map((i) => ranked.slice(0, 3).filter((each) => each.i === i).length);
    expect(both.map((ratio, i) => ratio * (i === 0 ? 4 : 2))).toEqual(counts);
  });

  test('layers of equal weights share what goes', () => {
    const flat = [new Float32Array(10).fill(1), new Float32Array(30).fill(1)];
    for (const ratio of layerRatios(flat, { ratio: 0.3, score: 'magnitude' })) expect(ratio).toBeCloseTo(0.3);
  });
});
