import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import type { BrowserFacts } from '../../src/runtime/browser/browser-facts.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const model = files.write('linear.onnx', linearModel());

const browser: BrowserFacts = {
  browser: 'chromium 156.0.8078.108',
  onnxruntimeWeb: '1.30.0',
  isIsolated: true,
  adapter: {
    vendor: 'google',
    architecture: 'swiftshader',
    device: '',
    description: '',
    isFallback: true,
    features: ['subgroups'],
    limits: { maxStorageBufferBindingSize: 2 ** 30 },
  },
};

function bench(words: readonly string[], runtime = scriptedRuntime({ browser })) {
  return runInfer(['bench', model, ...words], { runtime });
}

describe('infer bench in a browser', () => {
  it('opens the browser that was named, for its providers alone', async () => {
    const runtime = scriptedRuntime({ browser });
    const { exitCode } = await bench(['--ep', 'cpu,browser-wasm', '--browser', '/opt/chrome'], runtime);
    expect(exitCode).toBe(0);
    const paths = (ep: string) => new Set(runtime.opened.flatMap((it) => (it.provider === ep ? [it.browser] : [])));
    expect(paths('browser-wasm')).toEqual(new Set(['/opt/chrome']));
    expect(paths('cpu')).toEqual(new Set([undefined]));
  });

  it('tells which browser and adapter it was, in the table and in the result', async () => {
    const { stdout } = await bench(['--ep', 'cpu,browser-webgpu']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'browser-webgpu: chromium 156.0.8078.108 with onnxruntime-web 1.30.0, adapter google swiftshader (software), without shader-f16, buffers of 1.00 GiB at most, times include the copies of inputs and outputs',
    );
    const { points } = benchResultSchema.parse(
      JSON.parse((await bench(['--ep', 'cpu,browser-webgpu', '--json'])).stdout),
    );
    expect(points.map((point) => point.browser)).toEqual([undefined, browser]);
  });

  it('speaks of no fallback where all nodes are the CPU provider’s', async () => {
    const onCpu = [{ provider: 'CPUExecutionProvider', nodes: 3 }];
    const script = { browser: { ...browser, adapter: null }, placement: onCpu };
    const told = async (ep: string) => (await bench(['--ep', ep], scriptedRuntime(script))).stdout;
    expect(await told('browser-wasm')).not.toContain('fell back');
    expect(await told('browser-webgpu')).toContain('3 of 3 nodes fell back');
  });

  it('says what a clock and threads lack without isolation', async () => {
    const runtime = scriptedRuntime({ browser: { ...browser, adapter: null, isIsolated: false } });
    const { stdout } = await bench(['--ep', 'browser-wasm'], runtime);
    expect(stdout).toContain('not cross-origin isolated');
  });

  it.each([
    [['--browser', '/opt/chrome'], '--browser makes no sense with --ep cpu'],
    [['--ep', 'browser-wasm', '--pin'], '--pin makes no sense with --ep browser-wasm'],
    [['--ep', 'browser-webgl'], 'browser-webgpu'],
  ])('%j is told: %s', async (words, sentence) => {
    const { exitCode, stderr } = await bench(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
  });

  it('exits with 4 and the cure where the only provider cannot run', async () => {
    const reason = 'no browser that is built on Chromium was found';
    const unusable = { 'browser-wasm': { reason, cure: 'install Chromium' } };
    const { exitCode, stderr } = await bench(['--ep', 'browser-wasm'], scriptedRuntime({ unusable }));
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`${reason}; install Chromium`);
  });
});

describe('commands that rewrite models', () => {
  it.each(['quantize', 'prune'])('%s takes no provider in a browser', async (command) => {
    const words = [
      command,
      model,
      '--ep',
      'browser-wasm',
      ...(command === 'quantize' ? ['--int8'] : ['--channels', '0.5']),
    ];
    const { exitCode, stderr } = await runInfer(words, { runtime: scriptedRuntime() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('browser-wasm');
  });
});
