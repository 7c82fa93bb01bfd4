import { describe, expect, it } from 'vitest';
import type { BenchFindings } from '../../src/bench/bench-result.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { Script } from '../../src/runtime/scripted.ts';
import { floats, measureByScript, onlyPoint, runFailed, signatureOf } from './scripted-bench.ts';

describe('providers', () => {
  const both = { axes: { providers: ['cpu', 'webgpu'] } } as const;
  const outputs = (onGpu: number): Partial<Script> => ({
    outputs: ({ options }) => ({ y: floats(options.provider === 'cpu' ? 1 : onGpu) }),
  });

  it.each([
    [1.009, true],
    [1.02, false],
  ])('compares an output of %d with 1 on the CPU', async (onGpu, matches) => {
    const { findings } = await measureByScript(both, outputs(onGpu));
    const [cpu, gpu] = findings.points;
    expect(cpu).toMatchObject({ outputsMatchCpu: null, outputDifference: null, placement: null });
    expect(gpu?.outputsMatchCpu).toBe(matches);
    expect(gpu?.outputDifference?.maxAbs).toBeCloseTo(onGpu - 1, 6);
    const codes = findings.warnings.map(({ code }) => code);
    expect(codes.includes('outputs-differ-from-cpu')).toBe(!matches);
  });

  it('compares with the CPU even when it is not measured', async () => {
    const { findings } = await measureByScript({ axes: { providers: ['webgpu'] } }, outputs(Number.NaN));
    expect(findings.points).toHaveLength(1);
    expect(findings.points[0]).toMatchObject({ ep: 'webgpu', outputsMatchCpu: false, outputDifference: null });
  });

  it('compares every provider with the CPU, not with each other', async () => {
    const { findings } = await measureByScript(
      { axes: { providers: ['webgpu', 'cuda'] } },
      { outputs: ({ options }) => ({ y: floats(options.provider === 'webgpu' ? 5 : 1) }) },
    );
    expect(findings.points.map(({ outputsMatchCpu }) => outputsMatchCpu)).toEqual([false, true]);
  });

  it('compares with nothing where the CPU fails', async () => {
    const { findings } = await measureByScript(both, {
      runMs: ({ options }) => {
        if (options.provider === 'cpu') throw runFailed;
        return 1;
      },
    });
    expect(findings.points.map(({ status, outputsMatchCpu }) => [status, outputsMatchCpu])).toEqual([
      ['failed', null],
      ['ok', null],
    ]);
  });

  it('skips one that cannot be used, without opening it', async () => {
    const why = { reason: 'no adapter', cure: 'install a driver' };
    const { findings, runtime } = await measureByScript({ ...both, unusable: new Map([['webgpu', why]]) });
    expect(findings.points.map(({ status }) => status)).toEqual(['ok', 'skipped']);
    expect(findings.points[1]?.reason).toEqual({ code: 'provider-unusable', details: { ep: 'webgpu', ...why } });
    expect(runtime.opened.every(({ provider }) => provider === 'cpu')).toBe(true);
    expect(findings.warnings.map(({ code }) => code)).toContain('provider-skipped');
  });

  it('shows where the nodes ran', async () => {
    const placement = [
      { provider: 'WebGpuExecutionProvider', nodes: 4 },
      { provider: 'CPUExecutionProvider', nodes: 1 },
    ];
    const { findings } = await measureByScript(both, { placement });
    expect(findings.points.map((point) => point.placement)).toEqual([null, placement]);
    expect(findings.warnings).toContainEqual({
      code: 'nodes-on-cpu',
      details: { model: 'a.onnx', ep: 'webgpu', nodes: 1, of: 5 },
    });
  });

  it('is strict with every provider but the CPU', async () => {
    const { runtime } = await measureByScript({ ...both, protocol: { strictProvider: true } });
    expect(new Set(runtime.opened.map(({ provider, strictProvider }) => `${provider} ${strictProvider}`))).toEqual(
      new Set(['cpu false', 'webgpu true']),
    );
  });

  it.each([
    [2, true],
    [2.1, false],
  ])('compares an output of %d with the 2 that the data expects', async (value, matches) => {
    const sample = {
      inputs: { x: { type: 'float32', dims: [1, 4], data: new Float32Array(4) } },
      expected: { y: floats(2) },
      origin: 'data',
    } as const;
    const { findings } = await measureByScript(
      { inputs: { loadSamples: () => [sample], description: 'data' } },
      { outputs: () => ({ y: floats(value) }) },
    );
    expect(onlyPoint(findings).outputsMatchExpected).toBe(matches);
    const codes = findings.warnings.map(({ code }) => code);
    expect(codes.includes('outputs-differ-from-expected')).toBe(!matches);
    expect(codes).toContain('single-input');
    expect(findings.settings.inputs).toBe('data');
  });

  it.each([0, 1, 2])('checks every sample of the data, also when only number %d is off', async (wrong) => {
    const samples = [0, 1, 2].map((index) => ({
      inputs: { x: { type: 'float32', dims: [1, 4], data: new Float32Array(4).fill(index) } } as const,
      expected: { y: floats(index === wrong ? 9 : index) },
      origin: 'data',
    }));
    const { findings } = await measureByScript(
      { inputs: { loadSamples: () => samples, description: 'data', poolSize: 3 } },
      { outputs: ({ feeds }) => ({ y: floats(Number(feeds['x']?.data[0])) }) },
    );
    expect(onlyPoint(findings).outputsMatchExpected).toBe(false);
    expect(findings.warnings).toContainEqual({
      code: 'outputs-differ-from-expected',
      details: { model: 'a.onnx', ep: 'cpu', output: 'y', maxAbs: 9 - wrong },
    });
  });
});

describe('a guessed length', () => {
  /** A model that takes no sequence but of these lengths. */
  const taking = (...lengths: readonly number[]): Partial<Script> => ({
    signature: () => signatureOf(['batch', 'sequence']),
    runMs: ({ feeds }) => {
      if (!lengths.includes(feeds['x']?.dims[1] ?? -1)) throw runFailed;
      return 1;
    },
  });
  const guesses = ({ warnings }: BenchFindings) =>
    warnings.flatMap(({ code, details }) => (code === 'dimension-guessed' ? [details] : []));

  it('is 128, and said', async () => {
    const { findings } = await measureByScript({ axes: { batches: [2] } }, taking(128, 512));
    expect(onlyPoint(findings)).toMatchObject({ status: 'ok', dims: { batch: 2, sequence: 128 }, requestedDims: {} });
    expect(guesses(findings)).toEqual([{ model: 'a.onnx', dimension: 'sequence', value: 128 }]);
  });

  it('is another where the model refuses that, and the note says which', async () => {
    const { findings } = await measureByScript({ axes: { batches: [2] } }, taking(64));
    expect(onlyPoint(findings)).toMatchObject({ status: 'ok', dims: { batch: 2, sequence: 64 }, requestedDims: {} });
    expect(guesses(findings)).toEqual([{ model: 'a.onnx', dimension: 'sequence', value: 64 }]);
  });

  it('fails with the first problem when no length works', async () => {
    const { findings } = await measureByScript({}, taking());
    expect(onlyPoint(findings)).toMatchObject({ status: 'failed', reason: runFailed.finding });
  });

  it('is left alone where it was asked for, and where the process died', async () => {
    const asked = await measureByScript({ axes: { dims: { sequence: [128] } } }, taking(64));
    expect(onlyPoint(asked.findings)).toMatchObject({ status: 'failed', dims: { sequence: 128 } });
    const crash = new RuntimeError('process-crashed', {
      model: 'a.onnx',
      stage: 'run',
      signal: 'SIGSEGV',
      exitCode: null,
    });
    const dying = async (first: RuntimeError) => {
      const tried: unknown[] = [];
      const runMs: Script['runMs'] = ({ feeds }) => {
        tried.push(feeds['x']?.dims[1]);
        throw tried.length === 1 ? first : crash;
      };
      const { findings } = await measureByScript({}, { ...taking(), runMs });
      expect(onlyPoint(findings).reason?.code).toBe('process-crashed');
      return tried;
    };
    expect(await dying(runFailed)).toEqual([128, 512]);
    expect(await dying(crash)).toEqual([128]);
  });
});
