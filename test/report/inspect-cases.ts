import type { InspectResult } from '../../src/inspect/inspect-result.ts';
import { environment } from './fixture-bench-result.ts';

type Layer = InspectResult['layers']['listed'][number];
type TreeRow = InspectResult['tree']['rows'][number];

const layer = (rest: Partial<Layer> & Pick<Layer, 'name' | 'operator'>): Layer => ({
  within: null,
  kind: 'product',
  outputShape: ['batch', 64],
  macs: 8192,
  macShare: 0.25,
  bytes: 33_792,
  intensity: 8192 / 33_792,
  weightElements: 4096,
  weightBytes: 16_384,
  quantization: null,
  pruning: null,
  ...rest,
});

const row = (rest: Pick<TreeRow, 'depth' | 'kind' | 'name'> & Partial<TreeRow>): TreeRow => ({
  operator: null,
  outputShape: null,
  nodes: 1,
  macs: 0,
  constantBytes: 0,
  ...rest,
});

/** Names that must turn neither into markup nor into orders to a terminal. */
const odd = 'a|b*c\u001B[31m\nd';

/** A model that has something in every corner, longer than the lists that are shown of it. */
export function richInspection(): InspectResult {
  return {
    schemaVersion: 1,
    kind: 'inspect',
    tool: { name: 'infer', version: '0.1.0' },
    createdAt: '2026-01-02T03:04:05.000Z',
    command: ['infer', 'inspect', 'encoder.onnx'],
    environment: {
      ...environment,
      providers: [...environment.providers],
      gpus: [],
      cpu: { ...environment.cpu, instructionSets: [...environment.cpu.instructionSets] },
    },
    model: {
      path: 'models/encoder.onnx',
      sizeBytes: 12_345,
      externalFiles: [
        { location: 'encoder.data', sizeBytes: 3 * 2 ** 30 },
        { location: 'more.data', sizeBytes: 2 ** 20 },
      ],
      graph: 'main',
      irVersion: 8,
      opsets: [
        { domain: '', version: 17 },
        { domain: 'com.microsoft', version: 1 },
      ],
      producer: { name: 'pytorch', version: '2.1' },
      domain: 'org.example',
      version: '3',
      description: 'An encoder.\n\nOf two lines.',
      metadata: [
        { key: 'license', value: 'MIT' },
        { key: odd, value: 'x' },
      ],
      nodes: 1204,
      subgraphs: 2,
      functions: 1,
    },
    dims: { batch: 2 },
    inputs: [
      { name: 'ids', type: 'int64', declared: ['batch', 'seq'], shape: [2, 'seq'] },
      { name: 'scale', type: 'float32', declared: [], shape: [] },
      { name: odd, type: 'sequence', declared: null, shape: null },
    ],
    outputs: [{ name: 'y', type: 'float32', declared: [null, 64], shape: [2, 64] }],
    operators: [
      { name: 'MatMul', count: 12, macs: 24_576, macShare: 0.75, bytes: 100_000, byteShare: 0.5 },
      { name: 'com.microsoft.Attention', count: 4, macs: 8192, macShare: 0.25, bytes: 99_950, byteShare: 0.49975 },
      { name: 'Add', count: 1188, macs: 0, macShare: 0, bytes: 50, byteShare: 0.00025 },
      { name: 'Reshape', count: 4, macs: 0, macShare: 0, bytes: 0, byteShare: 0 },
    ],
    parameters: {
      count: 53_248,
      bytes: 213_000,
      tensors: 9,
      byType: [
        { type: 'float32', tensors: 7, elements: 53_248, bytes: 212_992 },
        { type: 'int64', tensors: 2, elements: 1, bytes: 8 },
      ],
      largest: [
        { name: 'embedding', type: 'float32', dims: [512, 64], bytes: 131_072 },
        { name: 'w', type: 'float32', dims: [64, 64], bytes: 16_384 },
        { name: 'one', type: 'int64', dims: [], bytes: 8 },
      ],
      duplicates: {
        groups: 3,
        wastedBytes: 32_768,
        skippedBytes: 2 ** 27,
        worst: [
          { name: 'w', type: 'float32', dims: [64, 64], bytes: 16_384, tensors: 3, names: ['w'], wastedBytes: 32_768 },
        ],
      },
    },
    macs: { definition: 'One MAC is one.', total: 32_768, unknown: { shape: 3, tripCount: 1, operator: 0 } },
    traffic: { definition: "An operator's bytes are its own.", bytes: 200_000, unknownNodes: 0, intensity: 0.16384 },
    activations: { peakBytes: 4096, node: { name: '/layer.0/MatMul', operator: 'MatMul' }, unknownValues: 2 },
    layers: {
      total: 16,
      quantizable: {
        layers: 3,
        weightBytes: 49_152,
        obstacles: [
          { code: 'weight-not-constant', layers: 8, weightBytes: 0 },
          { code: 'invented-later', layers: 5, weightBytes: 10 },
        ],
      },
      prunable: { layers: 0, weightBytes: 0, obstacles: [{ code: 'tied-to-others', layers: 16, weightBytes: 65_536 }] },
      listed: [
        layer({ name: '/layer.0/MatMul', operator: 'MatMul' }),
        layer({
          name: '/layer.0/attention/scores, "raw"',
          operator: 'MatMul',
          within: 'loop',
          macs: null,
          macShare: null,
          bytes: null,
          intensity: null,
          weightElements: null,
          weightBytes: null,
          outputShape: ['batch', null, 64],
          quantization: 'weight-not-constant',
          pruning: 'weight-not-constant',
        }),
      ],
    },
    tree: {
      nodes: 1200,
      rows: [
        row({ depth: 1, kind: 'module', name: 'layer.0', nodes: 500, macs: 32_768, constantBytes: 49_152 }),
        row({ depth: 2, kind: 'operator', name: 'MatMul', operator: 'MatMul', nodes: 3, outputShape: [2, 64] }),
        row({ depth: 2, kind: 'module', name: 'act', nodes: 2 }),
        row({ depth: 3, kind: 'operator', name: 'Relu', operator: 'Relu', nodes: 2, outputShape: ['batch', 64] }),
        row({ depth: 2, kind: 'module', name: 'cut', nodes: 400 }),
        row({ depth: 1, kind: 'node', name: odd, operator: 'If', nodes: 3, outputShape: [] }),
        row({ depth: 2, kind: 'module', name: 'then_branch', nodes: 1 }),
        row({ depth: 3, kind: 'node', name: 'Add', operator: 'Add', macs: 7 }),
        row({ depth: 2, kind: 'module', name: 'else_branch', nodes: 1 }),
      ],
    },
    verification: { status: 'loaded', checksums: 2 },
    warnings: [
      { code: 'external-data', details: { files: ['encoder.data', 'more.data'], bytes: 3 * 2 ** 30 + 2 ** 20 } },
      { code: 'brand-new', details: { a: 1 } },
    ],
  };
}

/** What is left of it for a model without nodes, constants or names. */
export function bareInspection(): InspectResult {
  const rich = richInspection();
  const none = { layers: 0, weightBytes: 0, obstacles: [] };
  return {
    ...rich,
    model: {
      ...rich.model,
      path: null,
      sizeBytes: null,
      externalFiles: [],
      graph: '',
      opsets: [],
      producer: { name: '', version: '' },
      domain: '',
      version: '0',
      description: '',
      metadata: [],
      nodes: 0,
      subgraphs: 0,
      functions: 0,
    },
    dims: {},
    inputs: [],
    outputs: [],
    operators: [],
    parameters: {
      count: 0,
      bytes: 0,
      tensors: 0,
      byType: [],
      largest: [],
      duplicates: { groups: 0, wastedBytes: 0, skippedBytes: 0, worst: [] },
    },
    macs: { ...rich.macs, total: 0, unknown: { shape: 0, tripCount: 0, operator: 0 } },
    traffic: { ...rich.traffic, bytes: 0, intensity: null },
    activations: { peakBytes: 0, node: null, unknownValues: 0 },
    layers: { total: 0, quantizable: none, prunable: none, listed: [] },
    tree: { nodes: 0, rows: [] },
    verification: { status: 'skipped' },
    warnings: [],
  };
}
