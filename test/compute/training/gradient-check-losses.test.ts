import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Expr } from '../../../src/compute/expressions/expr.ts';
import { Expressions } from '../../../src/compute/expressions/expressions.ts';
import { differentiate } from '../../../src/compute/training/autodiff.ts';
import {
  cosineRows,
  crossEntropyRows,
  divergenceRows,
  squaredErrorRows,
} from '../../../src/compute/training/losses.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { runModel } from '../../numerics/run-model.ts';
import { numericGradient } from '../reference/numeric-gradient.ts';
import { draw, drawLongs } from '../reference/operator-case.ts';

/** A loss by sample as it is written in a graph, and the formula of its mean over plain numbers. */
interface LossCase {
  readonly feeds: NamedTensors;
  readonly write: (e: Expressions, input: (name: string) => Expr) => Expr;
  /** Of `x`, which is differentiated, row by row. */
  readonly formula: (rows: readonly (readonly number[])[]) => number;
}

async function checkLoss({ feeds, write, formula }: LossCase): Promise<void> {
  const e = new Expressions();
  const inputs = new Map(Object.entries(feeds).map(([name, { type, dims }]) => [name, e.input(name, type, dims)]));
  const input = (name: string): Expr => {
    const expr = inputs.get(name);
    if (expr === undefined) throw new RangeError(`there is no input '${name}'`);
    return expr;
  };
  const loss = e.meanAll(write(e, input));
  const { gradients } = differentiate({ e, loss, wanted: [input('x').value] });
  e.output(loss, 'loss');
  e.output(gradients.get(input('x').value) ?? e.zeros(input('x').dims), 'gradient');
  const outputs = await runModel(encodeModel(e.model()), feeds);
  const x = Float64Array.from(numbersIn(feeds, 'x'));
  const width = input('x').dims.at(-1) ?? 1;
  const evaluate = () => formula(rowsOf(x, width));
  const expected = numericGradient(evaluate, x, [...x.keys()]);
  const found = numbersIn(outputs, 'gradient');
  const error = Math.hypot(...expected.map((each, i) => each - (found[i] ?? Number.NaN)));
  expect(error).toBeLessThanOrEqual(1e-4 * Math.max(Math.hypot(...expected), 1e-2));
  expect(outputs['loss']?.dims).toEqual([]);
  expect(Math.abs((numbersIn(outputs, 'loss')[0] ?? Number.NaN) - evaluate())).toBeLessThanOrEqual(
    1e-5 * Math.max(1, Math.abs(evaluate())),
  );
}

function numbersIn(tensors: NamedTensors, name: string): readonly number[] {
  const tensor = tensors[name];
  return tensor === undefined ? [] : Array.from(numbersOf(tensor));
}

function rowsOf(data: ArrayLike<number>, width: number): readonly (readonly number[])[] {
  const all = Array.from(data);
  return Array.from({ length: all.length / width }, (_, row) => all.slice(row * width, (row + 1) * width));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

function softmax(scores: readonly number[], temperature = 1): readonly number[] {
  const powers = scores.map((score) => Math.exp(score / temperature));
  return powers.map((power) => power / sum(powers));
}

interface LossSpec {
  readonly seed: number;
  readonly batch: readonly number[];
  readonly width: number;
  readonly temperature: number;
}

const specs: fc.Arbitrary<LossSpec> = fc.record({
  seed: fc.nat(),
  batch: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
  width: fc.integer({ min: 2, max: 6 }),
  temperature: fc.constantFrom(1, 2, 4, 0.5),
});

function expectRight(make: (spec: LossSpec) => LossCase) {
  return fc.assert(
    fc.asyncProperty(specs, (spec) => checkLoss(make(spec))),
    { seed: 3, numRuns: 20 },
  );
}

describe('losses and their gradients are those of the formulas in doubles', () => {
  test('cross entropy from labels, some of which do not count', () =>
    expectRight(({ seed, batch, width }) => {
      const random = createRandom(seed);
      const drawn = drawLongs(random, batch, width);
      const labels = {
        ...drawn,
        data: drawn.data.map((label, at) => (at > 0 && random.integer(4) === 0 ? -100n : label)),
      };
      return {
        feeds: { x: draw(random, [...batch, width], [-4, 4]), labels },
        write: (e, input) => crossEntropyRows(e, { logits: input('x'), labels: input('labels') }),
        formula: (rows) => {
          const terms = rows.map((row, at) => {
            const label = Number(labels.data[at]);
            return label === -100 ? null : -Math.log(softmax(row)[label] ?? Number.NaN);
          });
          const positions = terms.length / (batch[0] ?? 1);
          return mean(
            Array.from({ length: batch[0] ?? 1 }, (_, sample) => {
              const own = terms.slice(sample * positions, (sample + 1) * positions).filter((term) => term !== null);
              return own.length === 0 ? 0 : mean(own);
            }),
          );
        },
      };
    }));

  test('divergence from a teacher at a temperature', () =>
    expectRight(({ seed, batch, width, temperature }) => {
      const random = createRandom(seed);
      const feeds = { x: draw(random, [...batch, width], [-4, 4]), teacher: draw(random, [...batch, width], [-4, 4]) };
      const teachers = rowsOf(feeds.teacher.data, width).map((row) => softmax(row, temperature));
      return {
        feeds,
        write: (e, input) => divergenceRows(e, { student: input('x'), teacher: input('teacher') }, temperature),
        formula: (rows) =>
          temperature ** 2 *
          mean(
            rows.map((row, at) => {
              const [q, p] = [softmax(row, temperature), teachers[at] ?? []];
              return sum(p.map((each, c) => each * Math.log(each / (q[c] ?? Number.NaN))));
            }),
          ),
      };
    }));

  test('mean squared error', () =>
    expectRight(({ seed, batch, width }) => {
      const random = createRandom(seed);
      const feeds = { x: draw(random, [...batch, width]), y: draw(random, [...batch, width]) };
      return {
        feeds,
        write: (e, input) => squaredErrorRows(e, { student: input('x'), teacher: input('y') }),
        formula: (rows) => mean(rows.flat().map((each, at) => (each - (feeds.y.data[at] ?? Number.NaN)) ** 2)),
      };
    }));

  test('cosine', () =>
    expectRight(({ seed, batch, width }) => {
      const random = createRandom(seed);
      const feeds = { x: draw(random, [...batch, width]), y: draw(random, [...batch, width]) };
      const others = rowsOf(feeds.y.data, width);
      return {
        feeds,
        write: (e, input) => cosineRows(e, { student: input('x'), teacher: input('y') }),
        formula: (rows) =>
          mean(
            rows.map((row, at) => {
              const other = others[at] ?? [];
              const dot = sum(row.map((each, i) => each * (other[i] ?? Number.NaN)));
              return 1 - dot / (Math.hypot(...row) * Math.hypot(...other));
            }),
          ),
      };
    }));
});
