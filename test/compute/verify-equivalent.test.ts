import { describe, expect, it } from 'vitest';
import type { VerifyOptions } from '../../src/compute/verify-equivalent.ts';
import { verifyEquivalent } from '../../src/compute/verify-equivalent.ts';
import type { InputRequest } from '../../src/data/input-request.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder, longs } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import type { Value } from '../../src/onnx/value.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { unknownOperatorModel } from '../models/small-models.ts';

const request: InputRequest = {
  modelPath: 'a.onnx',
  dims: {},
  shapes: {},
  values: {},
  samples: null,
  integerLimits: {},
  batch: null,
  batchAxis: { kind: 'none' },
  poolSize: 3,
  seed: 1,
};

/** A model of one input of floats [4]; what it does with it is told by the function. */
function modelOf(body: (g: GraphBuilder, x: Value) => Value, type = tensorType('float32', [4])): Model {
  const g = new GraphBuilder();
  const y = body(g, g.input('x', 'float32', [4]));
  g.output(y, 'y', type);
  return g.model();
}

const compared = (model: Model, name: string) => ({ source: { bytes: encodeModel(model) }, name, model });

function verify(before: Model, after: Model, options: Partial<VerifyOptions> = {}) {
  return verifyEquivalent({
    runner: inProcessRunner(),
    original: compared(before, 'before.onnx'),
    rewritten: compared(after, 'after.onnx'),
    request: () => request,
    ...options,
  });
}

const times = (factor: number) => modelOf((g, x) => g.op('Mul', [x, g.constant('factor', floats([], [factor]))]));

describe('verifyEquivalent', () => {
  it('finds a model equal to itself on all inputs', async () => {
    expect(await verify(times(2), times(2))).toEqual({
      status: 'equal',
      inputs: 3,
      fromData: 0,
      tolerance: { absolute: 1e-4, relative: 1e-3 },
      outputs: [{ name: 'y', matches: true, maxAbs: 0, maxRel: 0, mismatches: 0, random: false }],
      failure: null,
    });
  });

  it('allows for rounding, and for nothing more', async () => {
    expect(await verify(times(2), times(2 * (1 + 5e-4)))).toMatchObject({ status: 'equal' });
    const verdict = await verify(times(2), times(2 * (1 + 5e-3)));
    expect(verdict).toMatchObject({ status: 'different', failure: null, outputs: [{ name: 'y', matches: false }] });
    // Every element is off by 0.5 % of itself: beyond 0.1 % of itself and 0.01 % of the largest, but for tiny ones.
    const maxRel = expect.closeTo(5e-3, 5);
    expect(verdict).toMatchObject({ outputs: [{ maxRel }] });
  });

  it('is as strict with small numbers as with large ones', async () => {
    expect(await verify(times(1e-3), times(1e-3 * (1 + 5e-3)))).toMatchObject({ status: 'different' });
    expect(await verify(times(1e6), times(1e6 * (1 + 5e-4)))).toMatchObject({ status: 'equal' });
  });

  it('lets an element near zero be off by what its large neighbors round to', async () => {
    const near = (rest: number) =>
      modelOf((g, x) => {
        const zero = g.op('Mul', [x, g.constant('zeros', floats([4], [0, 0, 0, 0]))]);
        return g.op('Add', [zero, g.constant('logits', floats([4], [5000, -3000, rest, 1]))]);
      });
    expect(await verify(near(0.001), near(0.01))).toMatchObject({ status: 'equal' });
    expect(await verify(near(0.001), near(1))).toMatchObject({ status: 'different' });
  });

  it('takes integers exactly, and NaN only for NaN', async () => {
    const integers = (add: number) =>
      modelOf(
        (g, x) => {
          const large = g.op('Cast', [g.op('Mul', [x, g.constant('k', floats([], [0]))])], { attributes: { to: 7 } });
          return g.op('Add', [large, g.constant('n', longs([2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40 + add]))]);
        },
        tensorType('int64', [4]),
      );
    expect(await verify(integers(0), integers(0))).toMatchObject({ status: 'equal' });
    expect(await verify(integers(0), integers(1))).toMatchObject({ status: 'different', outputs: [{ mismatches: 3 }] });
    const plus = (value: number) => modelOf((g, x) => g.op('Add', [x, g.constant('n', floats([], [value]))]));
    expect(await verify(plus(Number.NaN), plus(Number.NaN))).toMatchObject({ status: 'equal' });
    expect(await verify(plus(0), plus(Number.NaN))).toMatchObject({
      status: 'different',
      outputs: [{ maxAbs: null, mismatches: 12 }],
    });
  });

  it('notices another shape, another type and a missing output', async () => {
    const reshaped = modelOf(
      (g, x) => g.op('Reshape', [x, g.constant('s', longs([2, 2]))]),
      tensorType('float32', [2, 2]),
    );
    const cast = modelOf((g, x) => g.op('Cast', [x], { attributes: { to: 11 } }), tensorType('float64', [4]));
    const renamed = new GraphBuilder();
    renamed.output(renamed.op('Neg', [renamed.input('x', 'float32', [4])]), 'z', tensorType('float32', [4]));
    for (const other of [reshaped, cast, renamed.model()]) {
      expect(await verify(times(1), other)).toMatchObject({
        status: 'different',
        outputs: [{ name: 'y', matches: false, maxAbs: null, mismatches: 12 }],
      });
    }
  });

  it('tells a rewritten model that cannot be loaded or run', async () => {
    const unloadable = { source: { bytes: unknownOperatorModel() }, name: 'after.onnx', model: null };
    expect(await verify(times(1), times(1), { rewritten: unloadable })).toMatchObject({
      status: 'different',
      failure: { code: 'model-unsupported-operator', details: { path: 'after.onnx' } },
    });
    const broken = modelOf((g, x) => g.op('Gather', [x, g.constant('nine', longs([9]))]), tensorType('float32', [1]));
    expect(await verify(times(1), broken)).toMatchObject({ status: 'different', failure: { code: 'run-failed' } });
  });

  it('is skipped where the original itself cannot be run', async () => {
    const unloadable = { source: { bytes: unknownOperatorModel() }, name: 'before.onnx', model: null };
    expect(await verify(times(1), times(1), { original: unloadable })).toEqual({
      status: 'skipped',
      reason: { code: 'model-unsupported-operator', details: expect.objectContaining({ path: 'before.onnx' }) },
    });
    const broken = modelOf((g, x) => g.op('Gather', [x, g.constant('nine', longs([9]))]), tensorType('float32', [1]));
    expect(await verify(broken, broken)).toMatchObject({ status: 'skipped', reason: { code: 'run-failed' } });
  });

  it('lets off outputs that are random in the original, and no others', async () => {
    const noisy = (factor: number, nodesAhead: number) => {
      const g = new GraphBuilder();
      const x = g.input('x', 'float32', [4]);
      // onnxruntime seeds each random node by its place in the graph.
      for (let node = 0; node < nodesAhead; node++) g.op('Neg', [x]);
      g.output(g.op('RandomNormalLike', [x]), 'noise', tensorType('float32', [4]));
      g.output(g.op('Mul', [x, g.constant('k', floats([], [factor]))]), 'y', tensorType('float32', [4]));
      return g.model();
    };
    expect(await verify(noisy(2, 1), noisy(2, 0))).toMatchObject({
      status: 'equal',
      outputs: [
        { name: 'noise', matches: true, random: true },
        { name: 'y', matches: true, random: false },
      ],
    });
    expect(await verify(noisy(2, 1), noisy(3, 0))).toMatchObject({
      status: 'different',
      outputs: [
        { name: 'noise', random: true },
        { name: 'y', matches: false },
      ],
    });
  });

  it('runs on data and on synthetic inputs', async () => {
    const x = { type: 'float32', dims: [4], data: Float32Array.of(1, 2, 3, 4) } as const;
    const samples = [{ inputs: { x }, expected: null, origin: 'one.npy' }];
    const seen: unknown[] = [];
    const runner = inProcessRunner();
    const verdict = await verify(times(2), times(2), {
      request: () => ({ ...request, samples }),
      runner: {
        ...runner,
        load: async (source, options) => {
          const loaded = await runner.load(source, options);
          return { ...loaded, run: (feeds) => (seen.push([...(feeds['x']?.data ?? [])]), loaded.run(feeds)) };
        },
      },
    });
    expect(verdict).toMatchObject({ status: 'equal', inputs: 4 });
    expect(seen[0]).toEqual([1, 2, 3, 4]);
  });

  it('lets through what the user must give', async () => {
    const text = () => {
      const g = new GraphBuilder();
      g.output(g.op('Identity', [g.input('words', 'string', [2])]), 'y', tensorType('string', [2]));
      return g.model();
    };
    await expect(verify(text(), text())).rejects.toMatchObject({ code: 'input-value-needed' });
    const values = { words: { kind: 'list', items: ['a', 'b'] } } as const;
    expect(await verify(text(), text(), { request: () => ({ ...request, values }) })).toMatchObject({
      status: 'equal',
    });
  });
});
