import { describe, expect, it } from 'vitest';
import { adapterFacts } from '../../../../src/runtime/browser/page/adapter-facts.ts';

/** As Chromium 156 describes SwiftShader, shortened. */
const adapter = {
  info: { vendor: 'google', architecture: 'swiftshader', device: '', description: '', isFallbackAdapter: true },
  features: new Set(['timestamp-query', 'shader-f16']),
  limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 30, maxBindGroups: 4 },
};

describe('adapterFacts', () => {
  it('tells who made the adapter, what it can and how much it takes', async () => {
    expect(await adapterFacts({ requestAdapter: () => Promise.resolve(adapter) })).toEqual({
      vendor: 'google',
      architecture: 'swiftshader',
      device: '',
      description: '',
      isFallback: true,
      features: ['shader-f16', 'timestamp-query'],
      limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 30 },
    });
  });

  it('has nothing to tell without WebGPU or without an adapter', async () => {
    expect(await adapterFacts(undefined)).toBeNull();
    expect(await adapterFacts({ requestAdapter: () => Promise.resolve(null) })).toBeNull();
  });
});
