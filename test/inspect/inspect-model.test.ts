import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import models from '../../fixtures/models/models.json' with { type: 'json' };
import { inspectModel } from '../../src/inspect/inspect-model.ts';
import { inspectResultSchema } from '../../src/inspect/inspect-result.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import { GraphBuilder, floats, longs } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { Network } from './network.ts';

const envelope = {
  schemaVersion: 1,
  tool: { name: 'infer', version: '0' },
  createdAt: '2026-01-01T00:00:00Z',
  command: ['infer', 'inspect', 'model.onnx'],
  environment: {
    os: { platform: 'linux', release: '6', arch: 'x64', distribution: null },
    cpu: {
      model: 'cpu',
      logicalCores: 2,
      physicalCores: null,
      usableCores: 2,
      affinityCores: null,
      quotaCores: null,
      instructionSets: [],
      frequencyMhz: null,
      governor: null,
    },
    memory: { totalBytes: 1, availableBytes: null, limitBytes: null },
    container: null,
    node: '20',
    onnxruntime: '1',
    providers: ['cpu'],
    gpus: [],
    fingerprint: 'f',
  },
};

const codes = (model: Model, dims: Readonly<Record<string, number>> = {}) =>
  inspectModel(model, { dims }).warnings.map(({ code }) => code);

describe('inspectModel', () => {
  it.each(Object.entries(models))('knows everything about %s and writes what its schema reads', (_, { path, dims }) => {
    const model = readModelBytes(readFileSync(path));
    const lengths = Object.fromEntries(dims.map((length, axis) => [`${model.graph.inputs[0]?.name}#${axis}`, length]));
    const inspection = inspectModel(model, { dims: { batch: 1, ...lengths } });
    expect(inspection.macs.unknown).toEqual({ shape: 0, tripCount: 0, operator: 0 });
    expect(inspection.macs.total).toBeGreaterThan(0);
    expect(inspection.activations.unknownValues).toBe(0);
    const result = { ...envelope, kind: 'inspect', ...inspection, verification: { status: 'skipped' } };
    expect(inspectResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    const shares = inspection.operators.map(({ macShare }) => macShare ?? 0);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('tells inputs as declared and at the given lengths, initializers apart', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 4]);
    const w = g.constant('w', floats([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]));
    g.graph.exposeInitializer(w);
    g.output(g.op('MatMul', [x, w]), 'y', tensorType('float32', ['batch', 2]));
    const { inputs, outputs, macs, traffic, operators } = inspectModel(g.model(), { dims: { batch: 3 } });
    expect(inputs).toEqual([{ name: 'x', type: 'float32', declared: ['batch', 4], shape: [3, 4] }]);
    expect(outputs).toEqual([{ name: 'y', type: 'float32', declared: ['batch', 2], shape: [3, 2] }]);
    expect(macs.total).toBe(3 * 4 * 2);
    // Input, weight and output, four bytes an element.
    expect(traffic).toMatchObject({ bytes: 4 * (12 + 8 + 6), intensity: 24 / 104 });
    expect(operators).toEqual([{ name: 'MatMul', count: 1, macs: 24, macShare: 1, bytes: 104, byteShare: 1 }]);
  });

  it('says which lengths are missing', () => {
    const net = new Network();
    net.output(net.op('MatMul', [net.input('x', 'float32', ['batch', null, 4]), net.weight([4, 2])]), 'y');
    const { warnings, macs, traffic } = inspectModel(net.model(), { dims: {} });
    expect(warnings).toContainEqual({ code: 'dimensions-open', details: { dimensions: ['batch', 'x#1'] } });
    expect(macs).toMatchObject({ total: 0, unknown: { shape: 1 } });
    expect(traffic.intensity).toBeNull();
  });

  it('warns of versions, types, external data and operators a runtime may refuse', () => {
    const build = (type: 'float32' | 'float64', domain = '') => {
      const net = new Network();
      net.output(net.op('MatMul', [net.input('x', type, [2, 4]), net.weight([4, 2], type)], { domain }), 'y');
      return net;
    };
    expect(codes(build('float32').model({ opset: 17 }))).toEqual([]);
    expect(codes(build('float32').model({ opset: 6 }))).toEqual(['opset-too-old']);
    expect(codes(build('float32').model({ opset: 12 }))).toEqual(['opset-below-quantization']);
    expect(codes(build('float32').model({ opset: 99 }))).toEqual(['opset-too-new']);
    expect(codes(build('float32').model({ irVersion: 99 }))).toEqual(['ir-version-too-new']);
    expect(codes(build('float64').model())).toEqual(['slow-type']);
    expect(codes(build('float32', 'custom').model())).toContain('custom-operators');
    expect(codes(build('float32', 'com.microsoft').model())).toContain('domain-not-imported');
    const file = { path: 'm.onnx', sizeBytes: 10, externalFiles: [{ location: 'm.data', sizeBytes: 20 }] };
    expect(inspectModel(build('float32').model(), { dims: {}, file }).warnings).toEqual([
      { code: 'external-data', details: { files: ['m.data'], bytes: 20 } },
    ]);
  });

  it('warns of graphs out of order and of initializers that are inputs', () => {
    const net = new Network();
    const weight = net.weight([4, 2]);
    net.graph.exposeInitializer(weight);
    const first = net.op('MatMul', [net.input('x', 'float32', [2, 4]), weight]);
    net.output(net.op('Relu', [first]), 'y');
    const last = net.graph.lastNode;
    if (last) net.graph.moveBefore(net.graph.firstNode, last);
    expect(codes(net.model())).toEqual(['nodes-unsorted', 'initializers-as-inputs']);
  });

  it('gathers nodes by the modules their names tell', () => {
    const net = new Network();
    let x = net.input('x', 'float32', [1, 4]);
    for (const layer of [0, 1])
      x = net.op('Relu', [net.op('MatMul', [x, net.weight([4, 4])], { name: `/enc/${layer}/MatMul` })]);
    net.output(x, 'y');
    const { tree } = inspectModel(net.model(), { dims: {} });
    expect(tree.rows.map(({ depth, name, nodes, macs }) => [depth, name, nodes, macs])).toEqual([
      [1, 'enc', 2, 32],
      [2, '0', 1, 16],
      [3, 'MatMul', 1, 16],
      [2, '1', 1, 16],
      [3, 'MatMul', 1, 16],
      [1, 'Relu', 2, 0],
    ]);
  });

  it('describes a model of nothing', () => {
    const inspection = inspectModel(new GraphBuilder().model(), { dims: {} });
    expect(inspection).toMatchObject({
      macs: { total: 0 },
      activations: { peakBytes: 0, node: null },
      tree: { nodes: 0, rows: [] },
    });
  });

  it('survives circles, odd lengths and unknown types', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2 ** 53, 2 ** 53]);
    const strings = g.input('s', 'string', [3]);
    const list = g.input('list', { kind: 'sequence', element: null });
    const a = g.op('Concat', [x, strings], { attributes: { axis: 7 } });
    a.producer?.setInput(0, g.op('Reshape', [a, g.constant('shape', longs([-1, -1]))]));
    g.op('SequenceAt', [list, g.constant('i', longs([0]))]);
    g.output(a, 'y');
    const { inputs } = inspectModel(g.model(), { dims: { x: -1 } });
    expect(inputs.map(({ type }) => type)).toEqual(['float32', 'string', 'sequence']);
  });

  it('takes 100,000 nodes', () => {
    const net = new Network();
    const weight = net.weight([16, 16]);
    let x = net.input('x', 'float32', ['n', 16]);
    for (let i = 0; i < 100_000; i++) x = i % 2 === 0 ? net.op('Relu', [x]) : net.op('MatMul', [x, weight]);
    net.output(x, 'y');
    const { macs, layers } = inspectModel(net.model(), { dims: { n: 2 } });
    expect(macs.total).toBe(50_000 * 2 * 16 * 16);
    expect(layers.total).toBe(50_000);
    expect(layers.listed).toHaveLength(1000);
  });
});
