import { describe, expect, it } from 'vitest';
import { runDoctor } from '../../src/commands/doctor.ts';
import { doctorResultSchema } from '../../src/doctor/doctor-result.ts';
import type { NoiseCounters } from '../../src/runtime/noise-counters.ts';
import type { ProviderName, ProviderStatus } from '../../src/runtime/provider.ts';
import { healthyEnvironment } from './checkup.ts';

const start: NoiseCounters = {
  atMs: 1000,
  stalledMs: 5,
  stealMs: 100,
  cpuTotalMs: 50_000,
  throttledPeriods: 7,
  frequencyMhz: 3000,
};

interface Played {
  readonly probe: (name: ProviderName) => ProviderStatus;
  readonly counters?: readonly NoiseCounters[];
}

function play({ probe, counters = [start, start] }: Played) {
  const calls: string[] = [];
  const readings = [...counters];
  const result = runDoctor({
    runtime: {
      environment: () => Promise.resolve(healthyEnvironment),
      noiseCounters: () => {
        calls.push('counters');
        return readings.shift() ?? start;
      },
      probeProvider: (name) => {
        calls.push(name);
        return Promise.resolve(probe(name));
      },
    },
    platform: 'linux',
    arch: 'x64',
    noiseLevel: () => {
      calls.push('level');
      return { loadAverage: 0.5, pressureShare: 0.01 };
    },
    envelope: {
      schemaVersion: 1,
      tool: { name: 'infer', version: '0.1.0' },
      createdAt: '2026-01-02T03:04:05.000Z',
      command: ['doctor'],
    },
  });
  return { calls, result };
}

const works = (name: ProviderName): ProviderStatus => ({ name, usable: true, version: null, device: null });
const fails = (name: ProviderName): ProviderStatus => ({ name, usable: false, reason: 'absent', cure: 'get it' });

describe('runDoctor', () => {
  it('reads the noise before it probes, then each provider of the system in turn', async () => {
    const { calls, result } = play({ probe: works });
    await result;
    const browsers = ['browser-webgpu', 'browser-wasm'];
    expect(calls).toEqual(['level', 'counters', 'cpu', 'webgpu', 'cuda', 'tensorrt', ...browsers, 'counters']);
  });

  it('gives a result that its schema reads back from JSON unchanged', async () => {
    const result = await play({ probe: (name) => (name === 'cpu' ? works(name) : fails(name)) }).result;
    expect(doctorResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(result.environment.providers).toEqual(['cpu']);
    expect(result.usable).toBe(true);
  });

  it('is unusable without the CPU provider, whatever else works', async () => {
    const result = await play({ probe: (name) => (name === 'cpu' ? fails(name) : works(name)) }).result;
    expect(result.usable).toBe(false);
    expect(result.findings.map(({ code }) => code)).toContain('cpu-provider-broken');
  });

  it('takes steal and throttling from the window of the probes', async () => {
    const end = { ...start, atMs: 3000, stealMs: 400, cpuTotalMs: 54_000, throttledPeriods: 9 };
    const { noise, findings } = await play({ probe: works, counters: [start, end] }).result;
    expect(noise).toEqual({
      loadAverage: 0.5,
      pressureShare: 0.01,
      stealShare: 300 / 4000,
      throttledPeriods: 2,
      windowMs: 2000,
    });
    expect(findings.map(({ code }) => code)).toContain('noisy-now');
  });

  it('knows no shares where counters are silent or the window is empty', async () => {
    const silent = { ...start, stealMs: null, cpuTotalMs: null, throttledPeriods: null };
    const { noise } = await play({ probe: works, counters: [silent, silent] }).result;
    expect(noise).toMatchObject({ stealShare: null, throttledPeriods: null });
    expect((await play({ probe: works }).result).noise.stealShare).toBeNull();
  });
});
