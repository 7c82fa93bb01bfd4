import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/onnx/check.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { runModel } from '../numerics/run-model.ts';
import { randomModel } from '../onnx/random-model.ts';
import { npmModels as models } from './npm-models.ts';
import { foldConstants } from '../../src/compute/fold-constants.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder, long, longs } from '../../src/onnx/graph-builder.ts';
import { opsOf, ramp } from '../onnx/passes/clean-up-check.ts';
import { expectFolded, expectLeftAlone, watchedRunner } from './fold-check.ts';

/** A value of the model by its name. */
function tensorOf(g: GraphBuilder, name: string): DenseTensor | undefined {
  return [...g.graph.initializers].find((value) => value.name === name)?.tensor?.kind === 'dense'
    ? [...g.graph.initializers].find((value) => value.name === name)?.constant?.toDense()
    : undefined;
}

describe('nodes that read constants only', () => {
  it('become one constant under the name of the last, computed as the closed form says', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 2]);
    const sum = g.op('Add', [g.constant('a', floats([2], [1, 2])), g.constant('b', floats([2], [10, 20]))]);
    const scale = g.op('Mul', [sum, g.constant('c', floats([1], [0.5]))], { as: 'scale' });
    g.output(g.op('Mul', [x, scale]), 'y');
    await expectFolded(g.model(), { feeds: { x: ramp([2, 2]) }, ops: ['Mul'] });
    // (1 + 10) / 2 and (2 + 20) / 2; a, b and c are of no use any more.
    expect(tensorOf(g, 'scale')).toEqual(floats([2], [5.5, 11]));
    expect(g.graph.initializers.size).toBe(1);
  });

  it('are folded with Constant nodes too, which go with them', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [3]);
    const constant = g.op('Constant', [], { attributes: { value_floats: { floats: [1, 4, 9] } } });
    g.output(g.op('Add', [x, g.op('Sqrt', [constant], { as: 'roots' })]), 'y');
    await expectFolded(g.model(), { feeds: { x: ramp([3]) }, ops: ['Add'] });
    expect(tensorOf(g, 'roots')).toEqual(floats([3], [1, 2, 3]));
  });

  it('lose an exclusive weight for its transposed form, whatever its size, but keep one that others read', async () => {
    const build = (isShared: boolean) => {
      const g = new GraphBuilder();
      const x = g.input('x', 'float32', [1, 40]);
      const w = g.constant('w', ramp([40, 40]));
      const y = g.op('MatMul', [x, g.op('Transpose', [w])]);
      g.output(isShared ? g.op('Add', [y, g.op('MatMul', [x, w])]) : y, 'y');
      return g.model();
    };
    await expectFolded(build(false), { feeds: { x: ramp([1, 40]) }, ops: ['MatMul'] });
    await expectLeftAlone(build(true));
    // 6,400 bytes, over a limit of 6,000.
    await expectLeftAlone(build(false), { maxFoldedBytes: 6000 });
    await expectLeftAlone(build(false), { maxFoldInputBytes: 6000 });
  });

  it('are folded up to the node that makes an output', async () => {
    const g = new GraphBuilder();
    const a = g.constant('a', floats([2], [1, 2]));
    g.output(g.op('Neg', [g.op('Exp', [a])]), 'y', { kind: 'tensor', elementType: 'float32', shape: [2] });
    await expectFolded(g.model(), { ops: ['Neg'] });
  });

  it('are folded where large values stay inside, and left where one would be kept', async () => {
    const build = (isKept: boolean) => {
      const g = new GraphBuilder();
      const x = g.input('x', 'float32', [1]);
      const wide = g.op('Expand', [g.constant('one', floats([1], [1])), g.constant('n', longs([4096]))]);
      const sum = g.op('ReduceSum', [wide, g.constant('axes', longs([0]))]);
      g.output(g.op('Add', [x, isKept ? g.op('Add', [wide, sum]) : sum]), 'y');
      return g.model();
    };
    await expectFolded(build(false), { feeds: { x: ramp([1]) }, ops: ['Add'] });
    // Kept in part: the sum is a constant of 4 bytes, the wide one stays what it is.
    const model = build(true);
    await foldConstants.apply(model, { runner: watchedRunner() });
    expect(opsOf(model)).toContain('Expand');
    expect(Math.max(...[...model.graph.initializers].map(({ tensor }) => tensor?.byteLength ?? 0))).toBeLessThan(1024);
  });

  it('are folded inside a branch, also from constants around it', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const condition = g.input('condition', 'bool', []);
    const a = g.constant('a', floats([2], [3, 4]));
    const outer = g.op('Neg', [a], { as: 'outer' });
    const branch = (op: string) => {
      const inner = g.subgraph(op);
      const scaled = inner.op('Mul', [outer, g.constant('half', floats([1], [0.5]))], { as: 'scaled' });
      inner.output(inner.op(op, [x, scaled]), `${op}_out`);
      return inner.graph;
    };
    const attributes = { then_branch: branch('Add'), else_branch: branch('Sub') };
    g.output(g.op('If', [condition], { attributes }), 'y', { kind: 'tensor', elementType: 'float32', shape: [2] });
    const feeds = { x: ramp([2]), condition: { type: 'bool', dims: [], data: new Uint8Array([1]) } } as const;
    await expectFolded(g.model(), { feeds, ops: ['If'] });
    expect([...attributes.then_branch.nodes()].map(({ op }) => op)).toEqual(['Add']);
    expect([...attributes.else_branch.initializers].map(({ constant }) => constant?.toDense())).toEqual([
      floats([2], [-1.5, -2]),
    ]);
  });

  it('take a branch along that reads constants only', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const a = g.constant('a', floats([2], [3, 4]));
    const branch = (op: string) => {
      const inner = g.subgraph(op);
      inner.output(inner.op(op, [a]), `${op}_out`);
      return inner.graph;
    };
    const condition = g.constant('go', { type: 'bool', dims: [], data: new Uint8Array([0]) });
    const picked = g.op('If', [condition], { attributes: { then_branch: branch('Neg'), else_branch: branch('Sqrt') } });
    g.output(g.op('Add', [x, picked]), 'y');
    await expectFolded(g.model(), { feeds: { x: ramp([2]) }, ops: ['Add'] });
  });

  it('keep float16, bool and integers as they are', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float16', [2]);
    const half = g.op('Cast', [g.constant('a', floats([2], [1, 65504]))], { attributes: { to: 10 } });
    const more = g.op('Greater', [g.constant('b', longs([1, 5])), g.constant('c', longs([3, 3]))]);
    g.output(g.op('Where', [more, x, g.op('Neg', [half])]), 'y');
    const feeds = { x: { type: 'float16', dims: [2], data: new Uint16Array([0x3c00, 0x4000]) } } as const;
    await expectFolded(g.model(), { feeds, ops: ['Where'] });
  });
});

describe('shapes', () => {
  const lengths = (g: GraphBuilder, shape: readonly (number | string)[]) => {
    const x = g.input('x', 'float32', shape);
    const axis = (index: number) => {
      const length = g.op('Gather', [g.op('Shape', [x]), g.constant('index', long(index))]);
      return g.op('Unsqueeze', [length, g.constant('axes', longs([0]))]);
    };
    const target = g.op('Concat', [axis(0), g.op('Mul', [axis(1), axis(2)])], {
      attributes: { axis: 0 },
      as: 'target',
    });
    g.output(g.op('Reshape', [x, target]), 'y');
    return g.model();
  };

  it('fold whole where all axes are known, without running anything', async () => {
    const g = new GraphBuilder();
    const runner = watchedRunner();
    await expectFolded(lengths(g, [2, 3, 4]), { feeds: { x: ramp([2, 3, 4]) }, ops: ['Reshape'], runner });
    expect(tensorOf(g, 'target')).toEqual(longs([2, 12]));
    expect(runner.loads).toBe(0);
  });

  it('fold in part where an axis is symbolic', async () => {
    const g = new GraphBuilder();
    const model = lengths(g, ['batch', 3, 4]);
    await expectFolded(model, {
      feeds: { x: ramp([5, 3, 4]) },
      // The second and third Shape have no readers any more: that is what remove-dead-nodes is for.
      ops: ['Shape', 'Gather', 'Unsqueeze', 'Shape', 'Shape', 'Concat', 'Reshape'],
    });
  });

  it('of a computed constant need not be computed', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [6]);
    const wide = g.op('Expand', [g.constant('one', floats([1], [1])), g.constant('n', longs([2, 3]))]);
    g.output(g.op('Reshape', [x, g.op('Shape', [wide])]), 'y');
    const runner = watchedRunner();
    await expectFolded(g.model(), { feeds: { x: ramp([6]) }, ops: ['Reshape'], runner });
    expect(runner.loads).toBe(0);
  });
});

describe('whole models', () => {
  it.each(Object.entries(models))('%s returns the same bits with fewer nodes', async (_, { path, feeds }) => {
    const { model, close } = openModel(path);
    const nodes = model.graph.nodeCount;
    const before = await runModel(readFileSync(path), feeds);
    await foldConstants.apply(model, { runner: inProcessRunner() });
    checkGraph(model);
    expect(model.graph.nodeCount).toBeLessThanOrEqual(nodes);
    expect(await runModel(encodeModel(model), feeds)).toEqual(before);
    expect(await foldConstants.apply(model, { runner: inProcessRunner() })).toBe(false);
    close();
  });

  it.each(Array.from({ length: 30 }, (_, seed) => seed))('random model %i returns the same bits', async (seed) => {
    const { model, feeds } = randomModel(seed);
    const before = await runModel(encodeModel(model), feeds);
    await foldConstants.apply(model, { runner: inProcessRunner() });
    checkGraph(model);
    expect(await runModel(encodeModel(model), feeds)).toEqual(before);
    expect(await foldConstants.apply(model, { runner: inProcessRunner() })).toBe(false);
  });
});

describe('what is left alone', () => {
  const around = (build: (g: GraphBuilder) => ReturnType<GraphBuilder['op']>, opset = 17) => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    g.output(g.op('Add', [x, build(g)]), 'y');
    return g.model({ opset, opsets: { 'com.microsoft': 1 } });
  };
  const a = floats([4], [1, 2, 3, 4]);

  it.each([
    ['random numbers', (g) => g.op('RandomNormal', [], { attributes: { shape: [4] } })],
    ['random numbers of a shape', (g) => g.op('RandomUniformLike', [g.constant('a', a)])],
    ['an operator of another domain', (g) => g.op('Gelu', [g.constant('a', a)], { domain: 'com.microsoft' })],
    [
      'dropout in training',
      (g) =>
        g.op('Dropout', [
          g.constant('a', a),
          g.constant('ratio', floats([], [0.5])),
          g.constant('training', { type: 'bool', dims: [], data: new Uint8Array([1]) }),
        ]),
    ],
    [
      'quantized weights',
      (g) =>
        g.op('DequantizeLinear', [
          g.constant('q', { type: 'int8', dims: [4], data: Int8Array.of(1, 2, 3, 4) }),
          g.constant('scale', floats([], [0.5])),
        ]),
    ],
  ] as const satisfies readonly (readonly [string, Parameters<typeof around>[0]])[])('%s', async (_, build) => {
    await expectLeftAlone(around(build));
  });

  it('weights of half the size in the file', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1000]);
    const half = g.constant('half', { type: 'float16', dims: [1000], data: new Uint16Array(1000).fill(0x3c00) });
    g.output(g.op('Mul', [x, g.op('Cast', [half], { attributes: { to: 1 } })]), 'y');
    await expectLeftAlone(g.model());
  });

  it("an input's default, which callers may override", async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    const w = g.constant('w', a);
    g.graph.exposeInitializer(w);
    g.output(g.op('Add', [x, g.op('Neg', [w])]), 'y');
    await expectLeftAlone(g.model());
  });

  it('sizes that no memory holds', async () => {
    await expectLeftAlone(
      around((g) => {
        const huge = g.op('ConstantOfShape', [g.constant('n', longs([2 ** 40]))]);
        return g.op('ReduceMax', [huge], { attributes: { axes: [0] } });
      }),
    );
  });

  it('what the runtime cannot compute, and nothing else', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1]);
    const bad = g.op('Gather', [g.constant('a', a), g.constant('nine', longs([9]))], { as: 'bad' });
    const good = g.op('Exp', [g.constant('b', floats([1], [0]))], { as: 'good' });
    const more = g.op('Add', [g.op('Neg', [bad]), g.op('Sin', [good])]);
    g.output(g.op('Sum', [x, more, good]), 'y');
    const model = g.model();
    expect(await foldConstants.apply(model, { runner: watchedRunner() })).toBe(true);
    // Everything but the values that need the index that is not there.
    expect(opsOf(model)).toEqual(['Gather', 'Neg', 'Add', 'Sum']);
    expect(await foldConstants.apply(model, { runner: watchedRunner() })).toBe(false);
  });

  it('everything that must run, once the process is lost; shapes are told all the same', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3]);
    const scale = g.op('Exp', [g.constant('b', floats([1], [0]))]);
    const other = g.op('Sqrt', [g.constant('c', floats([1], [4]))]);
    const flat = g.op('Reshape', [x, g.op('Size', [x], { as: 'size' })]);
    const shape = g.op('Shape', [x]);
    g.output(g.op('Reshape', [g.op('Sum', [flat, scale, other]), shape]), 'y');
    const model = g.model();
    const details = { model: '', stage: 'run', timeoutMs: 1 };
    const runner = watchedRunner(new RuntimeError('process-timeout', details));
    expect(await foldConstants.apply(model, { runner })).toBe(true);
    expect(opsOf(model)).toEqual(['Exp', 'Sqrt', 'Reshape', 'Sum', 'Reshape']);
    expect(runner.loads).toBeLessThanOrEqual(2);
  });

  it('a fault of this program, which is not hidden', async () => {
    const g = new GraphBuilder();
    g.output(g.op('Add', [g.input('x', 'float32', [4]), g.op('Neg', [g.constant('a', a)])]), 'y');
    await expect(foldConstants.apply(g.model(), { runner: watchedRunner(new TypeError('oops')) })).rejects.toThrow(
      'oops',
    );
  });
});
