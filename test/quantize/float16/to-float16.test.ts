import { describe, expect, it } from 'vitest';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder, long, longs } from '../../../src/onnx/graph-builder.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { blockedOperators } from '../../../src/quantize/float16/blocked-operators.ts';
import { toFloat16 } from '../../../src/quantize/float16/to-float16.ts';
import { runBoth, worstSqnr } from './float16-case.ts';
import { contradictedTypes, nodesOf } from './model-figures.ts';

const float = (dims: readonly (number | string)[]) => tensorType('float32', dims);
const x4 = floats([4], [0.5, -1, 2, 3]);

/** x -> Mul by w -> Sqrt of abs -> Add w -> y, the weights shared by both ends. */
function chain() {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [4]);
  const w = g.constant('w', floats([4], [1.1, 2.2, 3.3, 4.4]));
  const product = g.op('Mul', [x, w], { as: 'product' });
  const size = g.op('Abs', [product], { as: 'size' });
  const root = g.op('Sqrt', [size], { as: 'root' });
  g.output(g.op('Add', [root, w], { as: 'sum' }), 'y', float([4]));
  return g.model();
}

describe('toFloat16', () => {
  it('makes everything float16, or everything between the ends', async () => {
    const inside = await runBoth(chain(), { x: x4 }, { keepIo: true });
    expect(inside.report).toEqual({ nodes: 4, float16Nodes: 4, keptNodes: [], clampedConstants: [], casts: 2 });
    expect(inside.found['y']?.type).toBe('float32');
    expect(worstSqnr(inside)).toBeGreaterThan(60);
    const whole = await runBoth(chain(), { x: x4 });
    expect(whole.report.casts).toBe(0);
    expect(whole.model.graph.inputs[0]?.type).toEqual(tensorType('float16', [4]));
    expect(whole.found['y']?.type).toBe('float16');
    expect(worstSqnr(whole)).toBeGreaterThan(60);
  });

  it('keeps neighbors in float32 without Casts between, one Cast a value, and both versions of a shared constant', async () => {
    const { model, report, ...run } = await runBoth(chain(), { x: x4 }, { keep: new Set(['product', 'size']) });
    expect(report.keptNodes).toEqual([
      { name: 'product', op: 'Mul', reason: 'excluded' },
      { name: 'size', op: 'Abs', reason: 'excluded' },
    ]);
    expect(report.casts).toBe(2);
    expect(nodesOf(model)).toEqual([
      'Cast: x -> x_float32',
      'Mul: x_float32 w -> product',
      'Abs: product -> size',
      'Cast: size -> size_float16',
      'Sqrt: size_float16 -> root',
      'Add: root w_float16 -> y',
    ]);
    expect(worstSqnr({ model, report, ...run })).toBeGreaterThan(60);
  });

  it('leaves constants of kept nodes alone, and the names of outputs that need a Cast', async () => {
    const { model, found } = await runBoth(chain(), { x: x4 }, { keep: new Set(['product', 'size', 'root', 'y']) });
    expect([...model.graph.initializers].map(({ name, tensor }) => [name, tensor?.type])).toEqual([['w', 'float32']]);
    expect(nodesOf(model).at(-1)).toBe('Cast: y_float32 -> y');
    expect(found['y']?.type).toBe('float16');
  });

  it('keeps the nodes at values that calibration saw overflow', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    const square = g.op('Mul', [x, x], { as: 'square' });
    g.output(g.op('Sqrt', [square], { as: 'root' }), 'y', float([4]));
    g.output(square, 'square', float([4]));
    const feeds = { x: floats([4], [300, 400, 500, 600]) };
    // Between two operators onnxruntime computes in float32 on the CPU: only an output shows what float16 holds.
    const { found } = await runBoth(g.model(), feeds);
    expect(found['square'] && [...numbersOf(found['square'])]).toEqual([Infinity, Infinity, Infinity, Infinity]);
    const ranges = new Map([['square', { min: 90_000, max: 360_000 }]]);
    const { model, report, ...run } = await runBoth(g.model(), feeds, { keepIo: true, ranges });
    expect(report.keptNodes.map(({ name, reason }) => [name, reason])).toEqual([
      ['square', 'overflow'],
      ['y', 'overflow'],
    ]);
    expect(nodesOf(model)).toEqual(['Mul: x x -> square', 'Sqrt: square -> y']);
    expect(worstSqnr({ model, report, ...run })).toBe(Infinity);
  });

  it('leaves functions in float32, with Casts around their calls', async () => {
    const body = new GraphBuilder('Twice');
    const given = body.graph.addInput('v', null);
    body.output(body.op('Add', [given, given]), 'twice');
    const g = new GraphBuilder();
    const called = g.op('Twice', [g.op('Neg', [g.input('x', 'float32', [4])])], { domain: 'own' });
    called.setType(float([4]));
    g.output(g.op('Abs', [called]), 'y', float([4]));
    const original = g.model({ opsets: { own: 1 } });
    const twice = { domain: 'own', name: 'Twice', overload: '', attributes: [], attributeDefaults: [] };
    const rest = { opsets: new Map([['', 17]]), docString: '', metadata: [], unknownFields: null, origin: null };
    original.setFunctions([{ ...twice, ...rest, body: body.graph }]);
    const run = await runBoth(original, { x: x4 });
    expect(run.report.keptNodes.map(({ op, reason }) => [op, reason])).toEqual([['Twice', 'no-kernel']]);
    expect(run.report.casts).toBe(2);
    expect(worstSqnr(run)).toBeGreaterThan(60);
  });

  it('refuses operator sets that are older than Casts of today', () => {
    const g = new GraphBuilder();
    g.output(g.op('Neg', [g.input('x', 'float32', [4])]), 'y', float([4]));
    expect(() => toFloat16(g.model({ opset: 5 }))).toThrow(RangeError);
  });

  it('clamps the constants of masks and keeps factors that float16 does not have', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 2]);
    const seen = g.input('seen', 'bool', [2, 2]);
    const masked = g.op('Where', [seen, x, g.constant('mask', floats([], [-3.4e38]))]);
    g.output(g.op('Softmax', [masked], { attributes: { axis: -1 } }), 'y', float([2, 2]));
    const up = g.op('Mul', [x, g.constant('up', floats([], [1e6]))]);
    g.output(g.op('Mul', [up, g.constant('down', floats([], [1e-6]))]), 'z', float([2, 2]));
    const bools: DenseTensor = { type: 'bool', dims: [2, 2], data: Uint8Array.of(1, 0, 0, 0) };
    const { report, ...run } = await runBoth(g.model(), { x: floats([2, 2], [1, 2, 3, 4]), seen: bools });
    expect(report.clampedConstants).toEqual([{ name: 'mask', count: 1, tooLarge: 1 }]);
    expect(report.keptNodes.map(({ reason }) => reason)).toEqual(['overflow', 'vanish']);
    expect(worstSqnr({ report, ...run })).toBeGreaterThan(60);
  });

  it('computes sizes in float32: a scale of 3.0047 makes the same image', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 1, 2, 'w']);
    const width = g.op('Gather', [g.op('Shape', [x]), g.constant('three', longs([3]))]);
    const scale = g.op('Div', [
      g.constant('n', floats([1], [640.5])),
      g.op('Cast', [width], { attributes: { to: 1 } }),
    ]);
    const scales = g.op('Concat', [g.constant('ones', floats([3], [1, 1, 1])), scale], { attributes: { axis: 0 } });
    const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric' };
    g.output(g.op('Resize', [x, null, scales], { attributes }), 'y', float([1, 1, 2, 'n']));
    const data = Float32Array.from({ length: 426 }, (_, i) => i / 512);
    const { model, report, ...run } = await runBoth(g.model(), { x: { type: 'float32', dims: [1, 1, 2, 213], data } });
    expect(report.keptNodes.map(({ op, reason }) => `${op} ${reason}`)).toEqual([
      'Div index-arithmetic',
      'Concat index-arithmetic',
    ]);
    expect(report.casts).toBe(0);
    expect(worstSqnr({ model, report, ...run })).toBeGreaterThan(60);
  });

  it('rewrites the types that nodes say of themselves, also of generators where they are let', () => {
    const g = new GraphBuilder();
    const shape = g.constant('shape', longs([2]));
    const zeros = g.op('ConstantOfShape', [shape]);
    const ones = g.op('ConstantOfShape', [shape], { attributes: { value: Tensor.fromDense(floats([1], [1])) } });
    const half = g.op('Constant', [], { attributes: { value_float: { float: 0.5 } } });
    const cast = g.op('Cast', [g.input('i', 'int64', [2])], { attributes: { to: 1 } });
    const random = g.op('RandomNormal', [], { attributes: { shape: [2] } });
    g.output(g.op('Sum', [zeros, ones, half, cast, random]), 'y', float([2]));
    const model = g.model();
    expect(toFloat16(model, { blocked: new Set() })).toMatchObject({ casts: 0, float16Nodes: 6, keptNodes: [] });
    expect(contradictedTypes(model)).toEqual([]);
    expect(blockedOperators.has('RandomNormal')).toBe(true);
  });

  it('puts Casts around what the runtime has no float16 kernel for', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    const eye = g.op('EyeLike', [g.constant('i', { type: 'int32', dims: [4, 4], data: new Int32Array(16) })], {
      attributes: { dtype: 1 },
    });
    const celu = g.op('Celu', [g.op('MatMul', [x, eye])]);
    g.output(g.op('CumSum', [celu, g.constant('axis', long(0))]), 'y', float([4]));
    const { report, ...run } = await runBoth(g.model(), { x: x4 });
    expect(report.keptNodes.map(({ op, reason }) => `${op} ${reason}`)).toEqual([
      'EyeLike blocked',
      'Celu no-kernel',
      'CumSum blocked',
    ]);
    expect(worstSqnr({ report, ...run })).toBeGreaterThan(60);
  });

  it('keeps the statistics of a LayerNormalization float32', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 4]);
    const weights = [1, 2].map((scale) => g.constant('w', floats([4], [scale, 1, -1, 0.5])));
    const [y, mean] = g.ops('LayerNormalization', [x, ...weights], { outputs: 2 });
    if (y === undefined || mean === undefined) throw new Error('two outputs');
    g.output(y, 'y', float([2, 4]));
    g.output(g.op('Neg', [mean]), 'mean', float([2, 1]));
    const run = await runBoth(g.model(), { x: floats([2, 4], [1, 2, 3, 5, -1, 0, 2, 0.25]) });
    expect(run.report.casts).toBe(1);
    expect(worstSqnr(run)).toBeGreaterThan(55);
  });
});
