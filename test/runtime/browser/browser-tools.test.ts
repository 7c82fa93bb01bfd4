import { describe, expect, it } from 'vitest';
import { explainBrowserFailure, findBrowserTools } from '../../../src/runtime/browser/browser-tools.ts';

describe('findBrowserTools', () => {
  it('says that a named browser is none, and how to name one', async () => {
    expect(await findBrowserTools('/no/such/browser')).toEqual({
      found: false,
      reason: '/no/such/browser is not a program',
      cure: 'give the path of a Chromium with --browser',
    });
  });

  it('takes any program that is named, with the runtime beside it', async () => {
    const found = await findBrowserTools(process.execPath);
    expect(found).toMatchObject({ found: true, tools: { browserPath: process.execPath } });
    expect(found.found && found.tools.runtimeFolder).toMatch(/onnxruntime-web.dist$/);
  });
});

describe('explainBrowserFailure', () => {
  it('tells a missing adapter by the text of onnxruntime-web 1.30', () => {
    const problem =
      'no available backend found. ERR: [webgpu] Error: Failed to get GPU adapter. You may need to enable flag "--enable-unsafe-webgpu" if you are using Chrome.';
    expect(explainBrowserFailure('browser-webgpu', problem)).toMatchObject({
      reason: 'the browser found no WebGPU adapter',
      cure: expect.stringContaining('vk_swiftshader_icd.json'),
    });
  });

  it('tells a missing library, and keeps what it does not know', () => {
    const library = 'error while loading shared libraries: libnss3.so: cannot open shared object file';
    expect(explainBrowserFailure('browser-wasm', library).cure).toContain('install-deps');
    expect(explainBrowserFailure('browser-wasm', 'odd').reason).toBe('odd');
    expect(explainBrowserFailure('browser-webgpu', '').reason).toBe('the browser gave no reason');
  });
});
