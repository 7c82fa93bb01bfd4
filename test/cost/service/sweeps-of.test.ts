import { describe, expect, it } from 'vitest';
import type { BenchResult, Point } from '../../../src/bench/bench-result.ts';
import { sweepsOf } from '../../../src/cost/service/sweeps-of.ts';
import { InferError } from '../../../src/errors.ts';
import { describeError } from '../../../src/report/messages/message.ts';
import { benchResult } from '../../report/fixture-bench-result.ts';
import { roundOf } from '../../bench/sketch-point.ts';
import { pointOf, sketchedModel } from './sketch-sweep.ts';

const fixedModel = {
  ...sketchedModel,
  path: 'fixed.onnx',
  inputs: [{ name: 'x', type: 'float32', shape: [8, 1, 8, 8] }],
};
const scalarModel = { ...sketchedModel, path: 'scalar.onnx', inputs: [{ name: 'x', type: 'float32', shape: [] }] };

function resultOf(points: readonly Point[], models: BenchResult['models'] = [sketchedModel]): BenchResult {
  return benchResult([], [...points], { models, comparisons: [] });
}

const times = [4, 5, 6];

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof InferError) return describeError(error);
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the sweeps of a bench result', () => {
  it('are its points, by all that they were measured under but the batch', () => {
    const points = [
      pointOf(4, times),
      pointOf(1, times),
      pointOf(1, times, { threads: 1 }),
      pointOf(2, times, { threads: 1 }),
      pointOf(1, times, { instances: 2 }),
      pointOf(1, times, { ep: 'cuda' }),
      pointOf(1, times, { modelIndex: 1 }),
    ];
    const sweeps = sweepsOf(resultOf(points, [sketchedModel, { ...sketchedModel, path: 'int8.onnx' }]), 'bench.json');
    expect(
      sweeps.map(({ model, ep, threads, instances, points }) => [
        model.path,
        ep,
        threads,
        instances,
        points.map(({ batch }) => batch),
      ]),
    ).toEqual([
      ['cnn.onnx', 'cpu', 2, 1, [1, 4]],
      ['cnn.onnx', 'cpu', 1, 1, [1, 2]],
      ['cnn.onnx', 'cpu', 2, 2, [1]],
      ['cnn.onnx', 'cuda', 2, 1, [1]],
      ['int8.onnx', 'cpu', 2, 1, [1]],
    ]);
    expect(sweeps[0]).toMatchObject({ path: 'bench.json', dims: {} });
  });

  it('keep the dimensions that are not the batch, and part by them', () => {
    const at = (batch: number, sequence: number) => pointOf(batch, times, { dims: { batch, sequence } });
    const sweeps = sweepsOf(resultOf([at(1, 16), at(2, 16), at(1, 32), at(2, 32)]), 'bench.json');
    expect(sweeps.map(({ dims, points }) => [dims, points.length])).toEqual([
      [{ sequence: 16 }, 2],
      [{ sequence: 32 }, 2],
    ]);
  });

  it('know a batch by what it does where its name tells nothing', () => {
    const model = { ...sketchedModel, inputs: [{ name: 'x', type: 'float32', shape: [3, 'count'] }] };
    const at = (batch: number) => pointOf(batch, times, { dims: { count: batch } });
    const [sweep, ...others] = sweepsOf(resultOf([at(1), at(2)], [model]), 'bench.json');
    expect(others).toEqual([]);
    expect(sweep?.dims).toEqual({});
  });

  it('leave out what failed, was skipped or was measured again with fewer rounds', () => {
    const failed = pointOf(8, [], { status: 'failed', reason: { code: 'run-failed', details: {} } });
    const skipped = pointOf(16, [], { status: 'skipped' });
    const points = [pointOf(1, times), pointOf(2, [7]), pointOf(2, times), failed, skipped];
    const [sweep] = sweepsOf(resultOf(points), 'bench.json');
    expect(sweep?.points.map(({ batch, rounds }) => [batch, rounds.length])).toEqual([
      [1, 3],
      [2, 3],
    ]);
  });

  it('are of one point for a model whose batch is fixed or that has none', () => {
    const points = [pointOf(8, times, { dims: {} }), pointOf(1, times, { modelIndex: 1, batch: null, dims: {} })];
    const sweeps = sweepsOf(resultOf(points, [fixedModel, scalarModel]), 'bench.json');
    expect(sweeps.map(({ points }) => points.map(({ batch }) => batch))).toEqual([[8], [null]]);
  });

  it('say what to run where one batch alone was measured of several', () => {
    const point = pointOf(1, times, { dims: { batch: 1, sequence: 16 }, requestedDims: { sequence: 16 } });
    expect(messageOf(() => sweepsOf(resultOf([point]), 'my bench.json'))).toBe(
      "my bench.json measured cnn.onnx at batch 1 alone, and what batching saves is part of its cost; measure several: infer bench cnn.onnx --batch 1-32*2 --threads 2 --dim sequence=16 -o 'my bench.json'",
    );
    const named = { ...sketchedModel, inputs: [{ name: 'x', type: 'float32', shape: [3, 'count'] }] };
    const bound = pointOf(4, times, { dims: { count: 4 }, ep: 'cuda', instances: 2 });
    expect(messageOf(() => sweepsOf(resultOf([bound], [named]), 'bench.json'))).toContain(
      'at batch 4 alone, and what batching saves is part of its cost; measure several: infer bench cnn.onnx --batch 1-32*2 --ep cuda --threads 2 --instances 2 -o bench.json',
    );
  });

  it('say so where nothing was measured', () => {
    const failed = pointOf(1, [], { status: 'failed' });
    expect(messageOf(() => sweepsOf(resultOf([failed, { ...failed, status: 'skipped' }]), 'bench.json'))).toBe(
      'bench.json holds no point that was measured (1 failed, 1 skipped), so that nothing can be costed; see why with infer report bench.json, then measure again: infer bench cnn.onnx --batch 1-32*2 -o bench.json',
    );
  });

  it('refuse service times that cannot be', () => {
    for (const latencyMs of [[0, 0, 0], [-1, -1], []]) {
      const rounds = [{ ...roundOf([1]), latencyMs }];
      const points = [pointOf(1, times), pointOf(2, times, { rounds })];
      expect(messageOf(() => sweepsOf(resultOf(points), 'bench.json'))).toContain('no service time above 0');
    }
  });
});
