import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countProviders, placementOf } from '../../src/runtime/placement.ts';
import { linearModel } from '../models/small-models.ts';

const event = (name: string, provider: string) =>
  `{"cat" : "Node","pid" :1,"tid" :1,"dur" :6,"ts" :2,"ph" : "X","name" :"${name}_kernel_time","args" : {"op_name" : "Add","provider" : "${provider}","node_index" : "3"}}`;

describe('countProviders', () => {
  it('counts each node once, by provider, even in a profile cut off in mid-write', () => {
    const profile = [
      event('a', 'CPUExecutionProvider'),
      event('b', 'WebGpuExecutionProvider'),
      event('a', 'CPUExecutionProvider'),
      event('c', 'WebGpuExecutionProvider'),
      '{"cat" : "Node","name" :"d_kernel_ti',
    ].join(',\n');
    expect(countProviders(profile)).toEqual([
      { provider: 'CPUExecutionProvider', nodes: 1 },
      { provider: 'WebGpuExecutionProvider', nodes: 2 },
    ]);
  });
});

describe('placementOf', () => {
  it('finds the nodes of a real profile', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'infer-placement-')), 'linear.onnx');
    writeFileSync(path, linearModel());
    const options = {
      modelPath: path,
      provider: 'cpu',
      threads: 1,
      optimization: 'disabled',
      strictProvider: false,
    } as const;
    const feeds = { x: { type: 'float32', dims: [1, 4], data: new Float32Array(4) } } as const;
    // MatMul and Add, unfused at this level.
    expect(await placementOf(options, feeds)).toEqual([{ provider: 'CPUExecutionProvider', nodes: 2 }]);
  });
});
