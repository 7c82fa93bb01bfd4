import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import models from '../../fixtures/models/models.json' with { type: 'json' };
import { RuntimeError } from '../../src/errors.ts';
import { createProcessRuntime } from '../../src/runtime/process-runtime.ts';
import type { ProviderName } from '../../src/runtime/provider.ts';
import type { Session } from '../../src/runtime/runtime.ts';
import { hasBrowser, softwareGpuEnv } from './software-gpu.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const software = softwareGpuEnv();

describe.runIf(hasBrowser && process.platform === 'linux')('a browser that fails', () => {
  let session: Session | null = null;
  afterEach(async () => {
    await session?.close();
    session = null;
    Object.assign(process.env, saved);
  });
  const saved = { VK_ICD_FILENAMES: process.env['VK_ICD_FILENAMES'] ?? '' };

  async function open(
    provider: ProviderName,
    { timeoutMs = 60_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<Session> {
    Object.assign(process.env, { VK_ICD_FILENAMES: software['VK_ICD_FILENAMES'] });
    const modelPath = `${root}${models['vad-half'].path}`;
    const how = { provider, threads: 1, optimization: 'all', strictProvider: false, timeoutMs } as const;
    session = await createProcessRuntime().open({ modelPath, ...how }, signal);
    await session.setInputs([
      {
        input: { type: 'float32', dims: [1, 576], data: new Float32Array(576) },
        state: { type: 'float32', dims: [2, 1, 128], data: new Float32Array(256) },
      },
    ]);
    return session;
  }

  const forever = { startAtMs: 0, minRuns: 1e9, minMs: 1e9, maxMs: 1e9, floorRuns: 1e9 };

  interface Running {
    readonly pid: number;
    readonly parent: number;
    readonly command: string;
  }

  function running(): readonly Running[] {
    return readdirSync('/proc').flatMap((entry) => {
      if (!/^\d+$/.test(entry)) return [];
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1];
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(entry), parent: Number(parent), command }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
  }

  /** Through a zygote, where there is one. */
  function gpuProcessOf(pid: number, all = running()): Running | undefined {
    const children = all.filter(({ parent }) => parent === pid);
    return (
      children.find(({ command }) => command.includes('--type=gpu-process')) ??
      children.map((child) => gpuProcessOf(child.pid, all)).find((found) => found !== undefined)
    );
  }

  it('by dying is told as that', async () => {
    const opened = await open('browser-wasm');
    const measuring = opened.measure(forever);
    process.kill(opened.pid, 'SIGKILL');
    await expect(measuring).rejects.toBeInstanceOf(RuntimeError);
    await expect(measuring).rejects.toMatchObject({
      code: 'browser-died',
      details: { stage: 'measure', what: 'browser' },
    });
  });

  it('by losing its GPU is told as that', async () => {
    const opened = await open('browser-webgpu');
    const gpu = gpuProcessOf(opened.pid);
    if (gpu === undefined) throw new Error('the browser has no GPU process');
    const measuring = opened.measure(forever);
    process.kill(gpu.pid, 'SIGKILL');
    await expect(measuring).rejects.toMatchObject({ code: 'adapter-lost', details: { stage: 'measure' } });
  });

  it('leaves nothing behind when it is aborted', async () => {
    const interruption = new AbortController();
    const opened = await open('browser-wasm', { signal: interruption.signal });
    const measuring = opened.measure(forever);
    interruption.abort(new Error('enough'));
    await expect(measuring).rejects.toThrow('enough');
    await opened.close();
    expect(() => process.kill(opened.pid, 0)).toThrow('ESRCH');
  });

  it('lives through a measurement that is longer than its timeout, and tells no times of nodes', async () => {
    const opened = await open('browser-wasm', { timeoutMs: 6000 });
    const rule = { startAtMs: 0, minRuns: 1, minMs: 8000, maxMs: 8000, floorRuns: 1 };
    expect((await opened.measure(rule)).endsMs.length).toBeGreaterThan(1);
    await expect(opened.profile({}, 1)).rejects.toMatchObject({ code: 'no-node-times' });
  });
});
