import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PageState } from '../../../../src/runtime/browser/page/page-state.ts';
import type { PageModel } from '../../../../src/runtime/browser/page-protocol.ts';

/** A runtime that doubles what it is fed. */
const bundle = `
let lose;
export const opened = [];
export const env = { logLevel: '', versions: { web: '1.30.0' }, wasm: { numThreads: 0, wasmPaths: '' }, webgpu: {} };
export const loseDevice = (message) => lose({ reason: 'unknown', message });
env.webgpu.device = { lost: new Promise((resolve) => { lose = resolve; }) };
export class Tensor {
  constructor(type, data, dims) { Object.assign(this, { type, data, dims }); }
}
const value = (name, shape, isTensor = true) => ({ name, isTensor, type: 'float16', shape });
export const InferenceSession = {
  async create(bytes, options) {
    opened.push({ bytes: [...bytes], ...options });
    if (bytes[0] === 0) throw new Error('no model');
    return {
      inputMetadata: [value('x', ['batch', 3, '', -1], bytes[0] !== 9)],
      outputMetadata: [value('y', ['batch'])],
      run: async ({ x }, outputs) => ({ [outputs?.[0] ?? 'y']: new Tensor('float16', x.data.map((v) => 2 * v), x.dims) }),
      release: async () => undefined,
    };
  },
};
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'infer-page-'));
  for (const name of ['ort.wasm.min.mjs', 'ort.webgpu.min.mjs']) writeFileSync(join(folder, name), bundle);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dataUrl = (...bytes: number[]) => `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`;

function model(rest: Partial<PageModel> = {}): PageModel {
  return {
    url: dataUrl(1, 2),
    external: [],
    provider: 'browser-wasm',
    threads: 2,
    optimization: 'basic',
    strictProvider: true,
    config: {},
    ...rest,
  };
}

function page() {
  const lost: string[] = [];
  const lines: string[] = [];
  const alive: number[] = [];
  const state = new PageState({
    runtimeUrl: `${pathToFileURL(folder).href}/`,
    gpu: undefined,
    console: { collect: () => lines, stopCollecting: () => undefined },
    clockOffsetMs: () => Promise.resolve(1000),
    onAlive: (nowMs) => alive.push(nowMs),
    onAdapterLost: (problem) => lost.push(problem),
  });
  return { state, lost, lines, alive };
}

interface Bundle {
  readonly opened: readonly Record<string, unknown>[];
  readonly env: { readonly wasm: object };
  readonly loseDevice: (message: string) => void;
}
const load = (name: string): Promise<Bundle> => import(pathToFileURL(join(folder, name)).href);

const feeds = { x: { type: 'float16', dims: [1, 2], data: Uint16Array.of(3, 4) } } as const;
const quick = { minRuns: 3, minMs: 0, maxMs: 0, floorRuns: 3 };

describe('PageState', () => {
  it('loads a model with its data files, on the provider and threads that were asked for', async () => {
    const { state } = page();
    const external = [{ location: 'weights.bin', url: dataUrl(5, 6, 7) }];
    const opened = await state.answer({ call: 'open', argument: model({ external, config: { 'a.b': '1' } }) });
    expect(opened).toMatchObject({
      id: 0,
      signature: { inputs: [{ name: 'x', type: 'float16', shape: ['batch', 3, 'x#2', 'x#3'] }] },
      facts: { onnxruntimeWeb: '1.30.0', adapter: null },
    });
    const { opened: options, env } = await load('ort.wasm.min.mjs');
    expect(options.at(-1)).toMatchObject({
      bytes: [1, 2],
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'basic',
      externalData: [{ path: 'weights.bin', data: Uint8Array.of(5, 6, 7) }],
      // Every node is the CPU's there: strictness is about WebGPU.
      extra: { 'a.b': '1' },
    });
    expect(env.wasm).toMatchObject({ numThreads: 2, wasmPaths: `${pathToFileURL(folder).href}/` });
  });

  it('runs, and counts models apart', async () => {
    const { state } = page();
    await state.answer({ call: 'open', argument: model() });
    expect(await state.answer({ call: 'open', argument: model() })).toMatchObject({ id: 1 });
    const argument = { id: 1, feeds, outputs: ['other'] };
    expect(await state.answer({ call: 'run', argument })).toMatchObject({
      outputs: { other: { type: 'float16', dims: [1, 2], data: Uint16Array.of(6, 8) } },
    });
    await state.answer({ call: 'release', argument: { id: 1 } });
    await expect(state.answer({ call: 'run', argument })).rejects.toThrow('no such model');
  });

  it('measures from the barrier on, on the clock of all processes', async () => {
    const { state, alive } = page();
    await state.answer({ call: 'open', argument: model() });
    await state.answer({ call: 'setInputs', argument: { id: 0, pool: [feeds] } });
    const warmUp = { id: 0, rule: { ...quick, tolerance: 1 } };
    expect(await state.answer({ call: 'warmUp', argument: warmUp })).toMatchObject({ runs: 3 });
    const startAtMs = performance.now() + 1000 + 5;
    const measured = await state.answer({ call: 'measure', argument: { id: 0, rule: { ...quick, startAtMs } } });
    const { startsMs, endsMs } = measured as { startsMs: Float64Array; endsMs: Float64Array };
    expect([startsMs.length, endsMs.length]).toEqual([3, 3]);
    expect(startsMs[0]).toBeGreaterThanOrEqual(startAtMs);
    expect(alive.length).toBeGreaterThan(0);
  });

  it('reads where nodes run off the log of a session of its own', async () => {
    const { state, lines } = page();
    lines.push('[V:] Node(s) placed on [WebGpuExecutionProvider]. Number of nodes: 7');
    const argument = model({ provider: 'browser-webgpu' });
    expect(await state.answer({ call: 'placement', argument })).toEqual([
      { provider: 'WebGpuExecutionProvider', nodes: 7 },
    ]);
    const { opened } = await load('ort.webgpu.min.mjs');
    expect(opened.at(-1)).toMatchObject({
      executionProviders: ['webgpu'],
      logSeverityLevel: 0,
      extra: { 'session.disable_cpu_ep_fallback': '1' },
    });
  });

  it('tells that the adapter is lost', async () => {
    const { state, lost } = page();
    await state.answer({ call: 'open', argument: model({ provider: 'browser-webgpu' }) });
    (await load('ort.webgpu.min.mjs')).loseDevice('the driver was reset');
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(lost).toEqual(['the driver was reset']);
  });

  it('refuses what the runtime refuses, files that are not there and values that are no tensors', async () => {
    const { state } = page();
    const open = (rest: Partial<PageModel>) => state.answer({ call: 'open', argument: model(rest) });
    await expect(open({ url: dataUrl(0) })).rejects.toThrow('no model');
    await expect(open({ url: dataUrl(9) })).rejects.toThrow("'x' is not a tensor");
  });
});
